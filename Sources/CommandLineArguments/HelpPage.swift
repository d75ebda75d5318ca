import Foundation

/// The help page of a command: its summary, usage line, discussion, arguments, options and notes, in aligned columns.
public struct HelpPage: Sendable {
    /// The number of columns that a page fits into. Terms such as a long example command may exceed it.
    public static let columns = 92

    private static let longestAlignedTerm = 27

    private let path: [String]
    private let command: CommandDefinition

    /// The page of a command.
    /// - Parameter path: the words that select the command, the program's name first.
    public init(path: [String], command: CommandDefinition) {
        self.path = path
        self.command = command
    }

    /// The page, without a newline after its last line.
    public var text: String {
        var blocks = ["\(name): \(command.summary)", "Usage: \(usage)"]
        blocks += command.discussion.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map {
            Self.wrapped($0, columns: Self.columns).joined(separator: "\n")
        }
        blocks += lists.map(render)
        if !command.subcommands.isEmpty {
            blocks.append("Run '\(name) COMMAND --help' for the options of a command.")
        }
        return blocks.joined(separator: "\n\n")
    }

    private var name: String { path.joined(separator: " ") }

    private var usage: String {
        guard command.subcommands.isEmpty else { return "\(name) COMMAND [options]" }
        return ([name] + command.positionals.map(\.usage) + ["[options]"]).joined(separator: " ")
    }

    /// All two-column lists of the page, from commands to notes.
    private var lists: [HelpSection] {
        var lists: [HelpSection] = []
        if !command.subcommands.isEmpty {
            lists.append(HelpSection("Commands", command.subcommands.flatMap { Self.commandRows($0, prefix: "") }))
        }
        if !command.positionals.isEmpty {
            lists.append(HelpSection("Arguments", command.positionals.map { .init($0.name, $0.help) }))
        }
        lists += command.sections.map { section in HelpSection(section.title, section.options.map(Self.row)) }
        let help = HelpSection.Row("-h, --help", "show this page")
        let version = HelpSection.Row("--version", "show the version")
        lists.append(HelpSection("Help", path.count == 1 && !command.subcommands.isEmpty ? [help, version] : [help]))
        return lists + command.notes
    }

    /// The lines of a command, or of the commands it groups, in a list of commands.
    private static func commandRows(_ command: CommandDefinition, prefix: String) -> [HelpSection.Row] {
        guard command.subcommands.isEmpty else {
            return command.subcommands.flatMap { commandRows($0, prefix: prefix + command.name + " ") }
        }
        let words = [prefix + command.name] + command.positionals.map(\.usage)
        return [.init(words.joined(separator: " "), command.summary)]
    }

    private static func row(_ option: OptionDefinition) -> HelpSection.Row {
        // Spaces that do not break keep the bracket on one line.
        let others = option.aliases.isEmpty ? nil : "also " + option.aliases.map { "--\($0)" }.joined(separator: ", ")
        let remarks = [option.defaultText.map { "default: \($0)" }, others].compactMap { $0 }.joined(separator: "; ")
        let ending = remarks.isEmpty ? "" : " " + "(\(remarks))".replacing(" ", with: "\u{A0}")
        return .init(option.usage, option.help + ending)
    }

    /// A list with its texts in one column over the whole page; a term too long for it has a line of its own.
    private func render(_ list: HelpSection) -> String {
        let textColumn = 2 + Self.longestAlignedTerm + 2
        var lines = ["\(list.title):"]
        for row in list.rows {
            let texts = Self.wrapped(row.text, columns: Self.columns - textColumn)
            var first = "  \(row.term)"
            if row.term.count > Self.longestAlignedTerm || texts.isEmpty {
                lines.append(first)
                first = ""
            }
            for (index, text) in texts.enumerated() {
                let start = index == 0 ? first : ""
                lines.append(start + String(repeating: " ", count: textColumn - start.count) + text)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A text broken between words into lines; a single word longer than the columns keeps its own line. No-break
    /// spaces become ordinary ones.
    package static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { $0.replacing("\u{A0}", with: " ") }
    }
}
