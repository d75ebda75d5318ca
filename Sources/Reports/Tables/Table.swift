/// A plain-text table with aligned columns.
public struct Table: Sendable {
    /// On which side a column's texts line up.
    public enum Alignment: Hashable, Sendable {
        /// At the left, for words.
        case left
        /// At the right, for numbers.
        case right
    }

    /// A column's title and alignment.
    public struct Column: Hashable, Sendable {
        /// The title.
        public let title: String
        /// On which side the title and the texts line up.
        public let alignment: Alignment

        /// A column.
        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    private enum Row {
        case texts([String])
        case rule
    }

    private let columns: [Column]
    private var rows: [Row] = []

    /// An empty table.
    public init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row. Missing texts are left blank; a row may not have more texts than there are columns.
    public mutating func addRow(_ texts: [String]) {
        precondition(texts.count <= columns.count, "a row of \(texts.count) texts in \(columns.count) columns")
        rows.append(.texts(texts + Array(repeating: "", count: columns.count - texts.count)))
    }

    /// Adds a line across the table, for example above totals.
    public mutating func addRule() { rows.append(.rule) }

    /// The table: titles, a rule and the rows, with two spaces between columns and none at the ends of lines.
    public var text: String {
        let widths = columns.indices.map { column in
            rows.reduce(columns[column].title.count) { width, row in
                guard case .texts(let texts) = row else { return width }
                return max(width, texts[column].count)
            }
        }
        let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
        let body = rows.map { row in
            guard case .texts(let texts) = row else { return rule }
            return line(texts, widths: widths)
        }
        return ([line(columns.map(\.title), widths: widths), rule] + body).joined(separator: "\n")
    }

    private func line(_ texts: [String], widths: [Int]) -> String {
        var line = ""
        for (column, text) in texts.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - text.count)
            let cell = columns[column].alignment == .left ? text + padding : padding + text
            line += (column == 0 ? "" : "  ") + cell
        }
        let end = line.lastIndex { $0 != " " }
        return end.map { String(line[...$0]) } ?? ""
    }
}
