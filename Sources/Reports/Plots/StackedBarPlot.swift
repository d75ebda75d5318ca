import Foundation

/// Horizontal bars made of parts, as SVG: where the time of each goes.
package struct StackedBarPlot: Sendable {
    /// What the lengths count, with their unit.
    package let xTitle: String
    /// The unit alone, for the words at a pointer.
    package let unit: String
    /// The names of the parts.
    package let parts: [String]
    /// The bars, from the top.
    package let bars: [StackedBar]
    /// Whether every bar is as long as all others and shows the shares of its parts, for totals that differ by powers of
    /// ten.
    package let showsShares: Bool

    private static let rowHeight = 34.0
    private static let width = 1140.0
    private let plot = (left: 76.0, right: 960.0, top: 6.0)

    /// A plot of bars that have a length for each of `parts`.
    package init(xTitle: String, unit: String, parts: [String], bars: [StackedBar], showsShares: Bool = false) {
        precondition(bars.allSatisfy { $0.lengths.count == parts.count }, "a bar has a length for each part")
        self.xTitle = xTitle
        self.unit = unit
        self.parts = parts
        self.bars = bars
        self.showsShares = showsShares
    }

    /// The SVG element.
    package var svg: String {
        let ticks = AxisTicks(upTo: showsShares ? 100 : bars.map(\.total).max() ?? 1, count: 8)
        let scale = AxisScale(
            .linear, domain: 0...ticks.values[ticks.values.count - 1], from: plot.left, to: plot.right)
        let bottom = plot.top + Self.rowHeight * Double(bars.count) + 4
        var lines = [
            "<svg viewBox=\"0 0 \(LinePlot.text(Self.width)) \(LinePlot.text(bottom + 48))\" role=\"img\" "
                + "xmlns=\"http://www.w3.org/2000/svg\" aria-label=\"\(MarkupText.escaped(xTitle))\">"
        ]
        for (value, label) in zip(ticks.values, ticks.labels) {
            let at = scale.position(of: value)
            lines.append(LinePlot.line("grid", at, plot.top, at, bottom))
            lines.append(LinePlot.label("tick middle", at, bottom + 18, label))
        }
        for (row, bar) in bars.enumerated() { lines += drawn(bar, row, scale) }
        lines.append(LinePlot.line("axis", plot.left, plot.top, plot.left, bottom))
        lines.append(LinePlot.label("title middle", (plot.left + plot.right) / 2, bottom + 42, xTitle))
        return (lines + ["</svg>"]).joined(separator: "\n")
    }

    private func drawn(_ bar: StackedBar, _ row: Int, _ scale: AxisScale) -> [String] {
        let top = plot.top + Self.rowHeight * Double(row) + 6
        let height = Self.rowHeight - 10
        var lines = [LinePlot.label("name end", plot.left - 10, top + height / 2 + 5, bar.name)]
        lines.append(bar.caution == nil ? "<g>" : "<g class=\"hollow\">")
        var sum = 0.0
        let unitLength = showsShares && bar.total > 0 ? 100 / bar.total : 1
        for (index, length) in bar.lengths.map({ $0 * unitLength }).enumerated() where length > 0 {
            let (start, end) = (scale.position(of: sum), scale.position(of: sum + length))
            sum += length
            lines.append(
                "<rect class=\"part\(index)\" x=\"\(LinePlot.text(start))\" y=\"\(LinePlot.text(top))\" "
                    + "width=\"\(LinePlot.text(end - start))\" height=\"\(LinePlot.text(height))\">"
                    + "<title>\(MarkupText.escaped(words(bar, index)))</title></rect>")
        }
        lines.append("</g>")
        let end = scale.position(of: sum) + 8
        let caution = bar.caution.map { " · \($0)" } ?? ""
        return lines + [
            LinePlot.label(
                bar.caution == nil ? "total" : "caution", end, top + height / 2 + 5,
                "\(NumberFormat.rate(bar.total)) \(unit)\(caution)")
        ]
    }

    private func words(_ bar: StackedBar, _ index: Int) -> String {
        let share = bar.total > 0 ? String(format: "%.1f", bar.lengths[index] / bar.total * 100) : "0"
        return "\(bar.name): \(parts[index]) \(NumberFormat.rate(bar.lengths[index])) \(unit) (\(share)%)"
    }
}

/// One bar of a stacked plot.
package struct StackedBar: Sendable, Equatable {
    /// Its name, at its left.
    package let name: String
    /// One length for each part, in the order of the plot's part names; negative ones count as 0.
    package let lengths: [Double]
    /// A word after a bar that is to be mistrusted, which is drawn hollow; nil for others.
    package let caution: String?

    /// A bar.
    package init(_ name: String, _ lengths: [Double], caution: String? = nil) {
        self.name = name
        self.lengths = lengths.map { $0.isFinite ? max(0, $0) : 0 }
        self.caution = caution
    }

    /// The whole bar.
    package var total: Double { lengths.reduce(0, +) }
}
