import Foundation
import Reports
import Testing

@Suite("Plots and their page")
struct PlotTests {
    private static let hostile = "<script>\"&'\u{1}]]>"

    /// Asks Python's parser: Foundation's on Linux calls malformed text well-formed.
    private static func isWellFormed(_ text: String) throws -> Bool {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("lockstep-\(UUID().uuidString).xml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", file.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    private static func plot(_ points: [PlotPoint], isLogarithmic: Bool = false) -> LinePlot {
        LinePlot(
            xTitle: hostile, yTitle: hostile, series: [PlotSeries(hostile, points)], ideal: .proportional(slope: 10),
            isLogarithmic: isLogarithmic)
    }

    // Guards: round steps that reach the limit, labels with just the decimals they need.
    @Test(arguments: [
        (10.0, ["0", "2", "4", "6", "8", "10"]), (1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (347.0, ["0", "100", "200", "300", "400"]), (0.03, ["0.00", "0.01", "0.02", "0.03"]),
        (0.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (.nan, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ])
    func ticksAreRound(limit: Double, labels: [String]) {
        #expect(AxisTicks(upTo: limit).labels == labels)
    }

    // Guards: a logarithmic axis encloses its values, a single one too.
    @Test func doublingTicksEnclose() {
        #expect(AxisTicks(doublingOver: 100...500).labels == ["64", "128", "256", "512"])
        #expect(AxisTicks(doublingOver: 64...64).labels == ["64", "128"])
        #expect(AxisTicks(doublingOver: 0.4...0.9).labels == ["0.25", "0.5", "1"])
    }

    // Guards: positions follow the law, also downwards and for a domain of one value.
    @Test func scalesPlaceValues() {
        #expect(AxisScale(.linear, domain: 0...10, from: 100, to: 0).position(of: 2.5) == 75)
        let doubling = AxisScale(.logarithmic, domain: 1...16, from: 0, to: 100)
        #expect(doubling.position(of: 4) == 50)
        #expect(doubling.position(of: 2) == 25)
        #expect(AxisScale(.linear, domain: 3...3, from: 0, to: 10).position(of: 3) == 5)
    }

    // Guards: no name breaks out of the markup, and the page is XML; it fetches nothing and runs nothing.
    @Test(arguments: [false, true])
    func pageIsWellFormedAndClosed(isLogarithmic: Bool) throws {
        let points = [1.0, 2, 64].map {
            PlotPoint(x: $0, y: $0 * 9, spread: $0 * 8...$0 * 11, title: Self.hostile, caution: Self.hostile)
        }
        var page = PlotPage(title: Self.hostile, subtitle: Self.hostile)
        page.addNotices(Self.hostile, [Self.hostile])
        page.addSection(Self.hostile, Self.hostile)
        page.addPlots([(Self.hostile, Self.plot(points, isLogarithmic: isLogarithmic))])
        page.addBars(
            Self.hostile,
            StackedBarPlot(
                xTitle: Self.hostile, unit: "ms", parts: [Self.hostile, "b"],
                bars: [StackedBar(Self.hostile, [1, -2], caution: Self.hostile), StackedBar("none", [0, .nan])]))
        page.addTable([Self.hostile], [[Self.hostile]]) { _ in true }
        page.addFacts([(Self.hostile, Self.hostile)])
        #expect(try Self.isWellFormed(page.html))
        #expect(!page.html.contains("<script") && !page.html.contains("\u{1}"))
        #expect(!page.html.contains("src=") && !page.html.contains("href=") && !page.html.contains("url("))
        #expect(try !Self.isWellFormed("<p>" + Self.hostile + "</p>"))
    }

    // Guards: a single point, none at all, and rates of nothing still make a drawing.
    @Test func fewPointsAreDrawn() throws {
        #expect(try Self.isWellFormed(Self.plot([]).svg))
        #expect(!Self.plot([PlotPoint(x: 1, y: 5, title: "one")]).svg.contains("<polyline"))
        #expect(
            !Self.plot([PlotPoint(x: 1, y: 0, title: "zero"), PlotPoint(x: 2, y: .nan, title: "")]).svg.contains("nan"))
    }

    // Guards: a mistrusted point is hollow and says why; others are neither.
    @Test func cautionIsVisible() {
        let svg = Self.plot([
            PlotPoint(x: 1, y: 5, title: "a"), PlotPoint(x: 2, y: 6, title: "b", caution: "shares cores"),
        ]).svg
        #expect(svg.components(separatedBy: "mark hollow").count == 2)
        #expect(svg.components(separatedBy: ">shares cores<").count == 2)
    }

    // Guards: the marks of more series than shapes stay within those that are defined.
    @Test func seriesDifferInShape() {
        let shapes: [String] = (0..<5).map { PlotMark($0).svg(10, 10, isHollow: false) }
        #expect(Set(shapes.prefix(4)).count == 4)
        #expect(shapes[4] == shapes[0])
    }
}
