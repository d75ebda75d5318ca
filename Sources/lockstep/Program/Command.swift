import Collectives
import CommandLineArguments

/// A command: what the parser and its help page know of it, and what it does. `CommandRegistry` lists them all.
protocol Command {
    /// Its name, arguments and options.
    static var definition: CommandDefinition { get }

    /// The command for what was typed, on one of the ranks.
    init(arguments: ParsedArguments, communicator: any Communicator)

    /// Does it; every rank calls it.
    ///
    /// - Throws: whatever ends the program with a sentence and an exit code.
    func run() throws
}

extension Command {
    /// `--json`, of commands whose results programs read, too.
    static var json: Option<Bool> { .flag("json", help: "print one JSON line") }
}
