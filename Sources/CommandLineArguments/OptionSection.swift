/// Options that belong together, under one title on the help page.
public struct OptionSection: Hashable, Sendable {
    /// The title, without a colon.
    public let title: String
    /// The options, in the order in which they are shown.
    public let options: [OptionDefinition]

    /// Groups options under a title.
    public init(_ title: String, _ options: [OptionDefinition]) {
        self.title = title
        self.options = options
    }
}
