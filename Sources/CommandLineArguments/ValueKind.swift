/// What an option takes after its name. The parser checks every given value against it before the command runs.
public enum ValueKind: Hashable, Sendable {
    /// Nothing: the option is on when it is given.
    case flag
    /// Any text but the empty one.
    case text
    /// A file or directory name; any text but the empty one.
    case path
    /// A whole number within bounds.
    case integer(ClosedRange<Int>)
    /// A finite decimal number within bounds.
    case number(NumberRange)
    /// One of the listed words.
    case choice([String])
    /// The word `on` or `off`.
    case toggle
    /// Items separated by commas, none of them empty.
    case list

    /// The value that a text stands for; nil when it does not fit, and for a flag.
    package func value(of text: String) -> ParsedValue? {
        switch self {
        case .flag: return nil
        case .text, .path: return text.isEmpty ? nil : .text(text)
        case .integer(let bounds):
            guard let value = Int(text), bounds.contains(value) else { return nil }
            return .integer(value)
        case .number(let range):
            guard let value = Self.decimal(text), range.contains(value) else { return nil }
            return .number(value)
        case .choice(let words): return words.contains(text) ? .text(text) : nil
        case .toggle: return ["on": .toggle(true), "off": .toggle(false)][text]
        case .list:
            let items = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return items.contains("") ? nil : .list(items)
        }
    }

    /// What the option takes, in words that follow "takes".
    var expectation: String {
        switch self {
        case .flag: return "no value"
        case .text: return "a text that is not empty"
        case .path: return "a path that is not empty"
        case .integer(let bounds): return "a whole number " + Self.words(for: bounds)
        case .number(let range):
            let bounds = range.description
            return bounds.isEmpty ? "a number" : "a number \(bounds)"
        case .choice(let words): return Self.alternatives(words)
        case .toggle: return "on or off"
        case .list: return "items separated by commas, none of them empty"
        }
    }

    /// Whether a text reads as a number, so that `-5` after an option is its value and not another option.
    static func isNumeric(_ text: String) -> Bool { decimal(text) != nil }

    /// A decimal number in plain or scientific notation; hexadecimal, `nan` and `inf` are refused.
    static func decimal(_ text: String) -> Double? {
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) })
        else { return nil }
        return Double(text)
    }

    private static func words(for bounds: ClosedRange<Int>) -> String {
        switch (bounds.lowerBound, bounds.upperBound) {
        case (.min, .max): return "that fits 64 bits"
        case (let lower, .max): return "of at least \(lower)"
        case (.min, let upper): return "of at most \(upper)"
        case (let lower, let upper): return "from \(lower) to \(upper)"
        }
    }

    private static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// The value of one option after it has been checked against its `ValueKind`.
package enum ParsedValue: Hashable, Sendable {
    case flag
    case text(String)
    case integer(Int)
    case number(Double)
    case toggle(Bool)
    case list([String])

    /// The value as a command line takes it and help pages show it; empty for a flag.
    package var spelling: String {
        switch self {
        case .flag: return ""
        case .text(let text): return text
        case .integer(let integer): return "\(integer)"
        case .number(let number):
            let text = "\(number)"
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text.replacing("e-0", with: "e-")
        case .toggle(let isOn): return isOn ? "on" : "off"
        case .list(let items): return items.joined(separator: ",")
        }
    }
}
