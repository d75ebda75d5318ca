import CommandLineArguments

/// The parser of command lines, with the commands of some program. An input is words with a null byte between them.
///
/// Every value of an accepted command line is of its option's kind and within its bounds, no option is there twice,
/// and no required argument is missing.
package final class FuzzedCommandLine: FuzzedReader {
    package let name = "command line"
    package let samples: [[UInt8]]
    package let tokens: [[UInt8]]

    private let parser: CommandLineParser
    private let commands: [[String]: CommandDefinition]

    /// The parser of a program; the samples are made of its commands and options, with a fitting value for each.
    package init(program: CommandDefinition) {
        parser = CommandLineParser(program: program, version: "1.0")
        let runnable = program.runnableCommands
        commands = Dictionary(uniqueKeysWithValues: runnable.map { ($0.path, $0.command) })
        samples = runnable.map { path, command in
            let options = command.options.flatMap { option in
                ["--\(option.name)"] + (Self.value(of: option.kind).map { [$0] } ?? [])
            }
            return Self.bytes(Array(path.dropFirst()) + command.positionals.map { _ in "place" } + options)
        }
        let options = runnable.flatMap(\.command.options)
        let words =
            Set(
                options.flatMap { [$0.name] + $0.aliases }.flatMap { ["--\($0)", "--\($0)="] }
                    + options.flatMap(\.familiarNames))
        let marks = ["\0", "\0\0", "\0--\0", "\0-\0", "=", "-", "--", ",", ",,", "\0--help", "-h", "--version", "help"]
        tokens = (marks + words.sorted() + runnable.flatMap(\.path)).map { Array($0.utf8) }
    }

    /// The input without an empty word at its end, which no command takes.
    package func framed(_ input: [UInt8]) -> [UInt8] { input.last == 0 ? Array(input.dropLast()) : input }

    package func accepts(_ input: [UInt8]) throws(BrokenPromise) -> Bool {
        // The system hands over bytes; Swift repairs what is not UTF-8 in the same way.
        let words = input.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let request: CommandLineRequest
        do throws(UsageError) {
            request = try parser.parse(words)
        } catch {
            try BrokenPromise.unlessSentence(error.description)
            return false
        }
        switch request {
        case .show(let text): try BrokenPromise.unless(!text.isEmpty, "A help page is empty.")
        case .run(let arguments): try check(arguments)
        }
        return true
    }

    private func check(_ arguments: ParsedArguments) throws(BrokenPromise) {
        guard let command = commands[arguments.command] else {
            throw BrokenPromise("\(arguments.command) is no command.")
        }
        let given = arguments.givenOptions
        try BrokenPromise.unless(Set(given).count == given.count, "An option is there twice: \(given).")
        for positional in command.positionals {
            let value = arguments[optional: positional]
            try BrokenPromise.unless(
                value != "" && (value != nil || positional.isOptional), "\(positional.name) is missing.")
        }
        for name in given {
            guard let option = command.options.first(where: { $0.name == name }) else {
                throw BrokenPromise("\(name) is no option of \(arguments.command).")
            }
            try BrokenPromise.unless(
                Self.fits(arguments.given(name), option.kind), "The value of --\(name) does not fit.")
        }
    }

    private static func fits(_ value: ParsedValue?, _ kind: ValueKind) -> Bool {
        switch (kind, value) {
        case (.flag, .flag), (.toggle, .toggle): true
        case (.text, .text(let text)), (.path, .text(let text)): !text.isEmpty
        case (.integer(let bounds), .integer(let integer)): bounds.contains(integer)
        case (.number(let range), .number(let number)): number.isFinite && range.contains(number)
        case (.choice(let words), .text(let text)): words.contains(text)
        case (.list, .list(let items)): !items.isEmpty && !items.contains("")
        default: false
        }
    }

    /// A text that the kind accepts; nil for a flag.
    private static func value(of kind: ValueKind) -> String? {
        switch kind {
        case .flag: nil
        case .text, .path: "some"
        case .integer(let bounds): "\(bounds.lowerBound)"
        case .number(let range): [0, 0.5, 1, 2].first(where: range.contains).map { "\($0)" } ?? "0"
        case .choice(let words): words.first ?? ""
        case .toggle: "on"
        case .list: "one,two"
        }
    }

    private static func bytes(_ words: [String]) -> [UInt8] { Array(words.joined(separator: "\0").utf8) }
}
