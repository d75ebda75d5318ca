/// Reads the words after a command, from left to right, into checked options and arguments.
struct ArgumentReader {
    private let program: CommandDefinition
    private let path: [String]
    private let command: CommandDefinition
    private var words: ArraySlice<String>
    private var options: [(name: String, value: ParsedValue)] = []
    private var givenTexts: [String: String] = [:]
    private var positionals: [String] = []

    init(program: CommandDefinition, path: [String], command: CommandDefinition, words: ArraySlice<String>) {
        self.program = program
        self.path = path
        self.command = command
        self.words = words
    }

    /// Reads everything.
    mutating func read() throws(UsageError) -> ParsedArguments {
        var optionsEnded = false
        while let word = words.popFirst() {
            if optionsEnded || !Self.looksLikeOption(word) {
                try takePositional(word)
            } else if word == "--" {
                optionsEnded = true
            } else {
                try takeOption(word)
            }
        }
        let missing = command.positionals.dropFirst(positionals.count).first { !$0.isOptional }
        if let missing {
            throw error("'\(path.joined(separator: " "))' needs \(missing.name): \(missing.help).")
        }
        return ParsedArguments(command: path, definition: command, options: options, positionals: positionals)
    }

    /// Whether a word is an option and not a value: it begins with a dash and is neither a number nor `-` alone.
    private static func looksLikeOption(_ word: String) -> Bool {
        word.hasPrefix("-") && word != "-" && !ValueKind.isNumeric(word)
    }

    private mutating func takePositional(_ word: String) throws(UsageError) {
        guard positionals.count < command.positionals.count else {
            let expected = command.positionals.map(\.usage).joined(separator: " ")
            let takes = expected.isEmpty ? "options only" : "\(expected) and options only"
            let own = path.joined(separator: " ")
            throw error("Unexpected argument \(UsageError.quoted(word)); '\(own)' takes \(takes).")
        }
        guard !word.isEmpty else {
            let expected = command.positionals[positionals.count]
            throw error("\(expected.name) is empty; expected \(expected.help).")
        }
        positionals.append(word)
    }

    private mutating func takeOption(_ word: String) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let typed = parts[0]
        guard typed.hasPrefix("--"), let option = command.option(typed: String(typed.dropFirst(2))) else {
            throw unknownOption(typed)
        }
        var text = parts.count > 1 ? parts[1] : nil
        if option.kind == .flag {
            guard text == nil else { throw error("--\(option.name) takes no value; write it alone.") }
            text = ""
        } else if text == nil, let next = words.first, !Self.looksLikeOption(next) {
            text = words.popFirst()
        }
        guard let text else { throw missingValue(option) }
        if let earlier = givenTexts[option.name] { throw givenTwice(option, earlier, text) }
        givenTexts[option.name] = text
        guard let value = option.kind == .flag ? .flag : option.kind.value(of: text) else {
            throw unfitValue(option, text)
        }
        options.append((option.name, value))
    }

    private func missingValue(_ option: OptionDefinition) -> UsageError {
        let dashed = words.first.map { $0 != "--" && command.option(typed: String($0.dropFirst(2))) == nil } ?? false
        let hint = dashed ? "; a value that begins with a dash is written --\(option.name)=VALUE" : ""
        return error("--\(option.name) needs a value: \(option.usage)\(hint).")
    }

    private func givenTwice(_ option: OptionDefinition, _ first: String, _ second: String) -> UsageError {
        let values = option.kind == .flag ? "" : " (\(UsageError.quoted(first)) and \(UsageError.quoted(second)))"
        return error("--\(option.name) was given twice\(values); keep one of them.")
    }

    private func unfitValue(_ option: OptionDefinition, _ text: String) -> UsageError {
        var nearest: String?
        if case .choice(let choices) = option.kind {
            nearest = SpellingSuggestion.nearest(to: text, among: choices)
        }
        let suggestion = nearest.map { "; did you mean \($0)?" } ?? "."
        return error("--\(option.name) takes \(option.kind.expectation), not \(UsageError.quoted(text))\(suggestion)")
    }

    private func unknownOption(_ typed: String) -> UsageError {
        let word = String(typed.drop { $0 == "-" })
        let shown = UsageError.quoted(typed).dropFirst().dropLast()
        let names = command.options.flatMap { [$0.name] + $0.aliases } + ["help"]
        let familiar = command.options.first { $0.familiarNames.contains(word) }?.name
        if familiar == nil, !names.contains(word), let owner = otherCommand(with: word) {
            let own = path.joined(separator: " ")
            return error("\(shown) is an option of '\(owner)', not of '\(own)'.", for: " for the list")
        }
        let nearest = familiar ?? SpellingSuggestion.nearest(to: word, among: names)
        let suggestion = nearest.map { "; did you mean --\($0)?" } ?? "."
        return error("Unknown option \(shown)\(suggestion)", for: " for the list")
    }

    /// The first other command that has an option.
    private func otherCommand(with name: String) -> String? {
        let owner = program.runnableCommands.first { $0.command.option(typed: name) != nil }
        return owner?.path.joined(separator: " ")
    }

    private func error(_ sentence: String, for purpose: String = "") -> UsageError {
        UsageError(sentence, helpOf: path, for: purpose)
    }
}
