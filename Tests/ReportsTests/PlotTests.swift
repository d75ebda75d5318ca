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

    // Guards: no name breaks out of the markup, and page and picture are XML; they fetch nothing and run nothing.
    @Test(arguments: [false, true])
    func pageIsWellFormedAndClosed(isLogarithmic: Bool) throws {
        let points = [1.0, 2, 64].map {
            PlotPoint(x: $0, y: $0 * 9, spread: $0 * 8...$0 * 11, title: Self.hostile, caution: Self.hostile)
        }
        var page = PlotPage(title: Self.hostile, subtitle: Self.hostile)
        page.addNotices(Self.hostile, [Self.hostile])
        page.addSection(Self.hostile, Self.hostile)
        let plot = Self.plot(points, isLogarithmic: isLogarithmic)
        page.addPlots([(Self.hostile, plot)])
        page.addBars(
            Self.hostile,
            StackedBarPlot(
                xTitle: Self.hostile, unit: "ms", parts: [Self.hostile, "b"],
                bars: [StackedBar(Self.hostile, [1, -2], caution: Self.hostile), StackedBar("none", [0, .nan])]))
        page.addTable([Self.hostile], [[Self.hostile]]) { _ in true }
        page.addFacts([(Self.hostile, Self.hostile)])
        let picture = PlotPicture([(Self.hostile, plot), (Self.hostile, plot)], description: Self.hostile).svg
        #expect(try Self.isWellFormed(picture) && !picture.contains("<script") && !picture.contains("url("))
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

    // Guards: bars that show shares end at the same place whatever their totals, which stand beside them; bars of lengths
    // do not.
    @Test func sharesFillTheBar() throws {
        func ends(showsShares: Bool) throws -> [Double] {
            let plot = StackedBarPlot(
                xTitle: "x", unit: "ms", parts: ["a", "b"],
                bars: [StackedBar("long", [300, 100]), StackedBar("short", [1, 2]), StackedBar("none", [0, 0])],
                showsShares: showsShares)
            #expect(plot.svg.contains(">400 ms<") && plot.svg.contains("(33.3%)") && !plot.svg.contains("nan"))
            let pattern = /<rect class="part1" x="([0-9.]+)" [^>]*? width="([0-9.]+)"/
            return try plot.svg.matches(of: pattern).map { match in
                let (start, width) = (Double(match.1), Double(match.2))
                let known = try #require(start)
                return known + (try #require(width))
            }
        }
        let (shares, lengths) = (try ends(showsShares: true), try ends(showsShares: false))
        try #require(shares.count == 2 && lengths.count == 2)
        #expect(abs(shares[0] - shares[1]) < 0.2 && abs(lengths[0] - lengths[1]) > 100)
    }

    // Guards: series stand at their true places; only error bars make them move apart.
    @Test func pointsStandWhereTheyAre() throws {
        func svg(spread: ClosedRange<Double>?) -> String {
            let point = PlotPoint(x: 1, y: 5, spread: spread, title: "one")
            return LinePlot(
                xTitle: "x", yTitle: "y", series: [PlotSeries("a", [point]), PlotSeries("b", [point])]
            ).svg
        }
        func gap(_ svg: String) throws -> Double {
            let circle = try #require(svg.firstMatch(of: /<circle class="mark" cx="([0-9.]+)"/))
            let square = try #require(svg.firstMatch(of: /<rect class="mark" x="([0-9.]+)"/))
            let (left, center) = (Double(square.1), Double(circle.1))
            let known = try #require(left)
            return known + 5 - (try #require(center))
        }
        let plain = try gap(svg(spread: nil))
        let withErrorBars = try gap(svg(spread: 4...6))
        #expect(abs(plain) < 0.2 && withErrorBars > 5)
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
