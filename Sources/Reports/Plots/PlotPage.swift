/// A self-contained HTML page of plots: one file without scripts and without anything fetched from elsewhere, in light
/// or dark as the reader's system asks for.
package struct PlotPage: Sendable {
    /// The page's title.
    package let title: String
    /// One line below it.
    package let subtitle: String
    private var body: [String] = []

    /// An empty page.
    package init(title: String, subtitle: String) {
        self.title = title
        self.subtitle = subtitle
    }

    /// Adds a heading with a sentence below it.
    package mutating func addSection(_ heading: String, _ sentence: String) {
        body.append(
            "<h2>\(MarkupText.escaped(heading))</h2>\n<p class=\"about\">\(MarkupText.escaped(sentence))</p>")
    }

    /// Adds what a reader must not miss, each a paragraph in a frame; nothing without notices.
    package mutating func addNotices(_ heading: String, _ notices: [String]) {
        guard !notices.isEmpty else { return }
        let items = notices.map { "<li>\(MarkupText.escaped($0))</li>" }.joined(separator: "\n")
        body.append(
            "<div class=\"notice\" role=\"note\"><strong>\(MarkupText.escaped(heading))</strong>\n<ul>\n\(items)\n</ul></div>"
        )
    }

    /// Adds line plots side by side, under one legend.
    package mutating func addPlots(_ plots: [(heading: String, plot: LinePlot)]) {
        guard let first = plots.first else { return }
        var entries = first.plot.series.enumerated().map { index, series in
            Self.entry(
                "<g class=\"\(LinePlot.color(index))\"><line class=\"curve\" x1=\"1\" y1=\"8\" x2=\"27\" y2=\"8\"/>"
                    + PlotMark(index).svg(14, 8, isHollow: false) + "</g>", series.name)
        }
        if plots.contains(where: { $0.plot.ideal != nil }) {
            entries.append(Self.entry("<line class=\"ideal\" x1=\"1\" y1=\"8\" x2=\"27\" y2=\"8\"/>", "ideal"))
        }
        if first.plot.series.contains(where: { $0.points.contains { $0.caution != nil } }) {
            entries.append(
                Self.entry("<g class=\"plain\">\(PlotMark.circle.svg(14, 8, isHollow: true))</g>", "shares cores"))
        }
        let figures = plots.map {
            "<figure><figcaption>\(MarkupText.escaped($0.heading))</figcaption>\n\($0.plot.svg)\n</figure>"
        }
        body.append(Self.legend(entries) + "\n<div class=\"pair\">\n\(figures.joined(separator: "\n"))\n</div>")
    }

    /// Adds a plot of stacked bars with its legend.
    package mutating func addBars(_ heading: String, _ plot: StackedBarPlot) {
        let entries = plot.parts.enumerated().map { index, name in
            Self.entry("<rect class=\"part\(index)\" x=\"6\" y=\"1\" width=\"14\" height=\"14\"/>", name)
        }
        body.append(
            "<figure><figcaption>\(MarkupText.escaped(heading))</figcaption>\n\(Self.legend(entries))\n\(plot.svg)\n</figure>"
        )
    }

    /// Adds a table; the first column holds names, the others numbers. Rows of which `isMarked` says so stand out.
    package mutating func addTable(_ titles: [String], _ rows: [[String]], isMarked: (Int) -> Bool = { _ in false }) {
        let head = titles.map { "<th>\(MarkupText.escaped($0))</th>" }.joined()
        let lines = rows.enumerated().map { index, row in
            let cells = row.map { "<td>\(MarkupText.escaped($0))</td>" }.joined()
            return "<tr\(isMarked(index) ? " class=\"marked\"" : "")>\(cells)</tr>"
        }
        body.append(
            "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>\n\(lines.joined(separator: "\n"))\n"
                + "</tbody></table></div>")
    }

    /// Adds names with their values, such as the machine and the command line.
    package mutating func addFacts(_ facts: [(name: String, value: String)]) {
        let items = facts.map { "<dt>\(MarkupText.escaped($0.name))</dt><dd>\(MarkupText.escaped($0.value))</dd>" }
        body.append("<dl>\n\(items.joined(separator: "\n"))\n</dl>")
    }

    /// The page, which is XML as well as HTML.
    package var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>\(MarkupText.escaped(title))</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        <main>
        <h1>\(MarkupText.escaped(title))</h1>
        <p class="about">\(MarkupText.escaped(subtitle))</p>
        \(body.joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private static func entry(_ drawing: String, _ name: String) -> String {
        "<span><svg class=\"key\" viewBox=\"0 0 28 16\" aria-hidden=\"true\" xmlns=\"http://www.w3.org/2000/svg\">"
            + "\(drawing)</svg>\(MarkupText.escaped(name))</span>"
    }

    private static func legend(_ entries: [String]) -> String {
        "<div class=\"legend\">\(entries.joined(separator: "\n"))</div>"
    }
}
