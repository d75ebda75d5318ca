/// A titled two-column list at the end of a help page: exit codes, examples.
public struct HelpSection: Hashable, Sendable {
    /// One line of the list: a term and what it means.
    public struct Row: Hashable, Sendable {
        /// The left column, shown as it is.
        public let term: String
        /// The right column, wrapped to the page.
        public let text: String

        /// A line of the list.
        public init(_ term: String, _ text: String) {
            self.term = term
            self.text = text
        }
    }

    /// The title, without a colon.
    public let title: String
    /// The lines, in order.
    public let rows: [Row]

    /// A list under a title.
    public init(_ title: String, _ rows: [Row]) {
        self.title = title
        self.rows = rows
    }
}
