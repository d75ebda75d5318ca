import Failures
import Measurements
import Reports
import Testing
import Training

@Suite("Planning and reckoning of scaling")
struct ScalingTests {
    private static let layouts = ["1x1", "2x1", "1x2", "4x1"].compactMap { RankLayout($0) }

    private static func plan(
        _ layouts: [RankLayout] = layouts, batch: Int = 64, perRank: Int = 16, rounds: Int = 1
    ) throws -> ScalingPlan {
        var plan = TrainingPlan()
        plan.globalBatch = batch
        return try ScalingPlan(plan, layouts: layouts, modes: [.strong, .weak], batchPerRank: perRank, rounds: rounds)
    }

    private static func sample(_ run: ScalingRun, _ rate: Double, round: Int = 1, warning: String? = nil)
        -> ScalingSample
    {
        var account = StepAccount()
        account[.compute] = 1 / rate
        return ScalingSample(run: run, round: round, imagesPerSecond: rate, account: account, warning: warning)
    }

    // Guards: what a person types is understood, or refused and never guessed at.
    @Test func layoutsAreRead() {
        #expect(RankLayout("12x3") == RankLayout(ranks: 12, threads: 3))
        for text in ["", "4", "x", "0x1", "1x0", "-1x1", "1x1x1", "2×1", "4097x1"] { #expect(RankLayout(text) == nil) }
    }

    // Guards: the default covers powers of two and the whole machine, once each.
    @Test(arguments: [(1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (8, [1, 2, 4, 8])])
    func layoutsDouble(cores: Int, ranks: [Int]) {
        #expect(RankLayout.doubling(upTo: cores).map(\.ranks) == ranks)
    }

    // Guards: strong keeps the global batch, weak that of a rank; a job that both need is run once.
    @Test func batchesFollowTheMode() throws {
        let plan = try Self.plan()
        #expect(plan.points.map(\.run.globalBatch) == [64, 64, 64, 64, 16, 32, 16, 64])
        #expect(plan.runs.count == 7)
        #expect(plan.runs(inRound: 1) == plan.runs(inRound: 0).reversed())
        #expect(try Self.plan(Self.layouts + Self.layouts).points == plan.points)
    }

    // Guards: nothing is measured for hours before a point turns out to be impossible; the sentence names it.
    @Test(arguments: [
        ("3x1", 64, "does not divide among 3 ranks"), ("32x1", 64, "16 granules"), ("8x4", 64, "granules"),
    ])
    func impossiblePointsAreRefused(layout: String, batch: Int, cause: String) throws {
        let layouts = [RankLayout(ranks: 1, threads: 1), try #require(RankLayout(layout))]
        #expect {
            try Self.plan(layouts, batch: batch)
        } throws: {
            let failure = $0 as? RunFailure
            return failure?.exitCode == .usage && failure?.description.hasPrefix("Layout \(layout) of ") == true
                && failure?.description.contains(cause) == true
        }
    }

    // Guards: efficiency is per core, against the same curve's single core, from medians.
    @Test func efficiencyIsPerCore() throws {
        let plan = try Self.plan(rounds: 3)
        var samples: [ScalingSample] = []
        for (number, run) in plan.runs.enumerated() {
            for (round, factor) in [1.0, 5.0, 0.9].enumerated() {
                samples.append(Self.sample(run, factor * Double(100 + number), round: round + 1))
            }
        }
        let report = ScalingReport(plan, samples.reversed())
        let strong = report.results(of: .strong)
        #expect(strong.map(\.median) == [100, 101, 102, 103])
        #expect(strong[0].rates == [100, 500, 90])
        #expect(strong[0].spread == 90...500)
        let strongEfficiency: [Double] = [1, 101.0 / 200.0, 102.0 / 200.0, 103.0 / 400.0]
        #expect(strong.compactMap(\.efficiency) == strongEfficiency)
        // Four ranks of 16 images are the strong curve's job, measured against the weak curve's single rank.
        let weakEfficiency: [Double] = [1, 105.0 / 208.0, 106.0 / 208.0, 103.0 / 416.0]
        #expect(report.results(of: .weak).compactMap(\.efficiency) == weakEfficiency)
    }

    // Guards: without the single core there is no efficiency rather than a wrong one, and one round is enough.
    @Test func aMissingReferenceGivesNoEfficiency() throws {
        let plan = try Self.plan([RankLayout(ranks: 2, threads: 1)])
        let report = ScalingReport(plan, plan.runs.map { Self.sample($0, 50) })
        #expect(report.results.count == 2)
        for result in report.results {
            #expect(result.efficiency == nil)
            #expect(result.median == 50)
            #expect(result.spread == 50...50)
        }
        #expect(ScalingReport(plan, []).results.isEmpty)
    }

    // Guards: one warned round marks the point, and no other point.
    @Test func aWarningMarksItsPoint() throws {
        let plan = try Self.plan(rounds: 2)
        let samples = plan.runs.enumerated().flatMap { number, run in
            (1...2).map { Self.sample(run, 9, round: $0, warning: number == 1 && $0 == 2 ? "crowded" : nil) }
        }
        let marked = ScalingReport(plan, samples).results.filter { $0.warning != nil }
        #expect(marked.map(\.point.run) == [plan.runs[1]])
        #expect(marked.first?.warning == "crowded")
    }
}
