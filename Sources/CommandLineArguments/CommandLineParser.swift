/// Reads a command line by the description of a program.
///
/// Options may stand anywhere after the command; `--` ends them. A word that begins with a dash is the value of the
/// option before it only if it is a number or a single dash; any other such value is written `--name=VALUE`.
public struct CommandLineParser: Sendable {
    /// The program.
    public let program: CommandDefinition
    /// What `--version` shows.
    public let version: String

    /// A parser of a program's command lines.
    public init(program: CommandDefinition, version: String) {
        self.program = program
        self.version = version
    }

    /// Reads the arguments that follow the program's name.
    ///
    /// `--help` or `-h` anywhere before `--` asks for the help page of the command, whatever else is wrong; no
    /// arguments at all, or the word `help` and a command, do the same.
    /// - Throws: `UsageError` for the first thing that is wrong, from left to right; missing arguments come last.
    public func parse(_ arguments: [String]) throws(UsageError) -> CommandLineRequest {
        if arguments.isEmpty { return .show(HelpPage(path: [program.name], command: program).text) }
        if arguments.first == "--version" { return .show(version) }
        let asksByWord = arguments.first == "help"
        var words = asksByWord ? arguments.dropFirst() : arguments[...]
        let asksForHelp = asksByWord || Self.asksForHelp(words)

        var command = program
        var path = [program.name]
        while !command.subcommands.isEmpty {
            guard let word = words.first, !(asksForHelp && word.hasPrefix("-")) else { break }
            guard let next = command.subcommands.first(where: { $0.name == word }) else {
                throw unknownCommand(word, in: command, path: path)
            }
            command = next
            path.append(next.name)
            words = words.dropFirst()
        }
        if asksForHelp { return .show(HelpPage(path: path, command: command).text) }
        guard command.subcommands.isEmpty else {
            let names = command.subcommands.map(\.name).joined(separator: ", ")
            throw UsageError("'\(path.joined(separator: " "))' needs a command: \(names).", helpOf: path)
        }
        var reader = ArgumentReader(program: program, path: path, command: command, words: words)
        return .run(try reader.read())
    }

    private static func asksForHelp(_ words: ArraySlice<String>) -> Bool {
        words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }

    private func unknownCommand(_ word: String, in command: CommandDefinition, path: [String]) -> UsageError {
        let list = " for the list of commands"
        let shown = UsageError.quoted(word)
        guard word.hasPrefix("-") else {
            let nearest = SpellingSuggestion.nearest(to: word, among: command.subcommands.map(\.name))
            let suggestion = nearest.map { "; did you mean '\($0)'?" } ?? "."
            return UsageError("Unknown command \(shown)\(suggestion)", helpOf: path, for: list)
        }
        let name = word.dropFirst(2).prefix { $0 != "=" }
        let owner = program.runnableCommands.first { $0.command.option(typed: String(name)) != nil }
        let example = owner.map { ", as in '\($0.path.joined(separator: " ")) --\(name)'" } ?? ""
        return UsageError("A command must come before \(shown)\(example).", helpOf: path, for: list)
    }
}

/// What a command line asks for.
public enum CommandLineRequest: Sendable {
    /// Run the command that the arguments name.
    case run(ParsedArguments)
    /// Show this text (a help page or the version) on standard output and end successfully.
    case show(String)
}
