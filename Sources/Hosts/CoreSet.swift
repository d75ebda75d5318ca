import Foundation
import Reports

/// A set of cores, by the system's numbers.
package struct CoreSet: Codable, Sendable, Hashable, CustomStringConvertible {
    /// The numbers, rising.
    package let numbers: [Int]

    /// The cores of those numbers, in any order and as often as they come.
    package init(_ numbers: some Sequence<Int>) {
        self.numbers = Set(numbers).sorted()
    }

    /// The cores of a list as Linux writes it: `0-3,8`. What is no such list has no cores.
    package init(list: some StringProtocol) {
        self.init(
            list.split(separator: ",").flatMap { run -> [Int] in
                let ends = run.split(separator: "-", omittingEmptySubsequences: false)
                    .map { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
                guard let first = ends.first, let last = ends.last, let first, let last, 0...last ~= first,
                    last < 1 << 16
                else { return [] }
                return Array(first...last)
            })
    }

    /// The cores in the line `Cpus_allowed_list` of a text like Linux's `/proc/self/status`.
    package init(status text: String) {
        let key = "Cpus_allowed_list:"
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        self.init(list: line?.dropFirst(key.count) ?? "")
    }

    /// How many they are.
    package var count: Int { numbers.count }

    /// Whether the other set holds all of these.
    package func isSubset(of other: CoreSet) -> Bool { Set(numbers).isSubset(of: other.numbers) }

    /// `2 cores (0-1)`, for people.
    package var description: String {
        "\(NumberFormat.counted(count, "core")) (\(NumberFormat.runs(numbers)))"
    }
}
