/// Line plots side by side as one SVG file, each with a heading and a legend, in light or dark as the reader's system asks
/// for. It stands on a ground of its own, so that it can be read on a page of any colour.
package struct PlotPicture: Sendable {
    /// The plots from left to right, each with the words above it.
    package let plots: [(heading: String, plot: LinePlot)]
    /// What a reader who cannot see the picture is told.
    package let description: String

    private static let margin = 18.0
    private static let head = 66.0
    /// A letter of 13 pixels is about as wide; only the gaps of the legend depend on it.
    private static let letterWidth = 7.2

    /// A picture of one or several plots.
    package init(_ plots: [(heading: String, plot: LinePlot)], description: String) {
        self.plots = plots
        self.description = description
    }

    /// The file's content.
    package var svg: String {
        let step = LinePlot.width + Self.margin
        let width = LinePlot.text(Self.margin + step * Double(plots.count))
        let height = LinePlot.text(Self.head + LinePlot.height + Self.margin / 2)
        let panels = plots.enumerated().map { index, entry in
            panel(entry.heading, entry.plot, left: Self.margin + step * Double(index))
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img">
            <title>\(MarkupText.escaped(description))</title>
            <style>
            \(PlotStyle.css)
            text { font-family: \(PlotStyle.fonts); }
            text.heading { font-size: 16px; font-weight: 600; }
            .ground { fill: var(--panel); }
            </style>
            <rect class="ground" width="100%" height="100%" rx="8"/>
            \(panels.joined(separator: "\n"))
            </svg>

            """
    }

    private func panel(_ heading: String, _ plot: LinePlot, left: Double) -> String {
        let (width, height) = (LinePlot.text(LinePlot.width), LinePlot.text(LinePlot.height))
        return """
            \(LinePlot.label("heading", left + 4, 28, heading))
            \(legend(of: plot, left: left + 4))
            <svg x="\(LinePlot.text(left))" y="\(LinePlot.text(Self.head))" width="\(width)" height="\(height)">
            \(plot.svg)
            </svg>
            """
    }

    private func legend(of plot: LinePlot, left: Double) -> String {
        var entries = plot.series.enumerated().map { index, series in
            let mark = PlotMark(index).svg(14, 0, isHollow: false)
            return (
                name: series.name,
                key: "<g class=\"\(LinePlot.color(index))\">\(LinePlot.line("curve", 1, 0, 27, 0))\(mark)</g>"
            )
        }
        if plot.ideal != nil { entries.append(("ideal", LinePlot.line("ideal", 1, 0, 27, 0))) }
        var at = left
        return entries.map { name, key in
            defer { at += 34 + Self.letterWidth * Double(name.count) + 20 }
            return
                "<g transform=\"translate(\(LinePlot.text(at)) 48)\">\(key)\(LinePlot.label("tick", 34, 4, name))</g>"
        }.joined(separator: "\n")
    }
}
