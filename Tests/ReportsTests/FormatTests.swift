import Testing

import Reports

@Suite("Numbers, durations and tables")
struct FormatTests {
    @Test(
        "Losses keep four decimals until these say nothing",
        arguments: [
            (0.8123, "0.8123"), (2.302585, "2.3026"), (0, "0.0000"), (0.00001234, "1.234e-05"), (1e7, "1.000e+07"),
            (.nan, "nan"), (-.infinity, "-inf"),
        ])
    func losses(value: Double, text: String) { #expect(NumberFormat.loss(value) == text) }

    @Test("Shares read as percentages", arguments: [(0.7144, "71.44%"), (1, "100.00%"), (.nan, "nan")])
    func percentages(share: Double, text: String) { #expect(NumberFormat.percentage(share) == text) }

    @Test(
        "Rates show about three digits",
        arguments: [
            (248.4, "248"), (99.96, "100"), (24.84, "24.8"), (9.996, "10.0"), (2.484, "2.48"), (.infinity, "inf"),
        ])
    func rates(value: Double, text: String) { #expect(NumberFormat.rate(value) == text) }

    @Test(
        "Counts have commas",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (1_926_934, "1,926,934"), (-123_456, "-123,456"),
            (.min, "-9,223,372,036,854,775,808"),
        ])
    func counts(value: Int, text: String) { #expect(NumberFormat.grouped(value) == text) }

    @Test(
        "One of something is singular, none and several are plural",
        arguments: [(0, "0 ranks"), (1, "1 rank"), (2, "2 ranks"), (-1, "-1 ranks")])
    func counted(count: Int, text: String) { #expect(NumberFormat.counted(count, "rank") == text) }

    @Test(
        "Bytes are in units of 1024",
        arguments: [
            (512, "512 B"), (1024, "1.00 KB"), (7_707_736, "7.35 MB"), (1_048_575, "1.00 MB"), (Int.max, "8192.00 PB"),
        ])
    func bytes(count: Int, text: String) { #expect(NumberFormat.bytes(count) == text) }

    @Test(
        "Clocks show minutes, then hours, and no time that is not known",
        arguments: [
            (0, "0:00"), (5.4, "0:05"), (59.6, "1:00"), (62, "1:02"), (3723, "1:02:03"), (360_000, "100:00:00"),
            (.nan, "-:--"), (-1, "-:--"), (.infinity, "-:--"), (1e300, "-:--"),
        ])
    func clocks(seconds: Double, text: String) { #expect(DurationFormat.clock(seconds) == text) }

    @Test("Seconds", arguments: [(3.21, "3.2 s"), (9.96, "10 s"), (183.4, "183 s"), (.nan, "- s"), (0, "0.0 s")])
    func seconds(seconds: Double, text: String) { #expect(DurationFormat.seconds(seconds) == text) }

    @Test("A table lines up words at the left and numbers at the right, with a rule above totals")
    func table() {
        var table = Table([.init("Layer"), .init("Output shape"), .init("Parameters", .right)])
        table.addRow(["units.0", "32 × 32 × 64", "1,804"])
        table.addRow(["average pool", "256"])
        table.addRule()
        table.addRow(["Total", "", "1,926,934"])
        #expect(
            table.text == """
                Layer         Output shape  Parameters
                ──────────────────────────────────────
                units.0       32 × 32 × 64       1,804
                average pool  256
                ──────────────────────────────────────
                Total                        1,926,934
                """)
    }

    @Test("Tables without rows or columns hold together")
    func smallTables() {
        #expect(Table([.init("a"), .init("b")]).text == "a  b\n────")
        #expect(Table([]).text == "\n")
    }

    // Guards: ranks and cores are listed by runs, single ones by themselves.
    @Test(arguments: [([], ""), ([3], "3"), ([0, 1, 2, 5, 7, 8], "0-2,5,7-8")])
    func runs(numbers: [Int], text: String) {
        #expect(NumberFormat.runs(numbers) == text)
    }
}
