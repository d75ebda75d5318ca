import GradientExchange
import Layers
import Projection
import Testing

@Suite("The model of a step")
struct StepModelTests {
    private static let networks = NetworkModel.named.sorted { $0.key < $1.key }.map(\.value)

    // Guards: the closed form and the simulation are two ways to the same time when ranks do not differ, for batches
    // that share out evenly and unevenly, and for both reductions.
    @Test(arguments: [1, 2, 3, 5, 16, 100], [ReductionOrder.ordered, .fast])
    func closedFormAndSimulationAgree(ranks: Int, reduction: ReductionOrder) throws {
        let shape = try FabricatedStep.shape(reduction: reduction)
        for network in Self.networks + [.perfect] {
            for (batch, cover) in [(128, 0), (128, 1e-4), (129, 1e-4), (2048, 2e-5)] {
                let program = StepProgram(
                    shape, FabricatedStep.profile(shape, cover: cover), network, globalBatch: batch, ranks: ranks)
                let analytic = AnalyticStep.breakdown(program).total
                let simulated = StepSimulation(program, .none).meanSeconds(steps: 2)
                #expect(abs(simulated / analytic - 1) < 1e-9, "\(network.name), batch \(batch)")
            }
        }
    }

    // Guards: what a layer computes while its sums travel takes exactly that much off each of the 18 messages, first off
    // their latency, and never more than there is; it also hides how late other ranks are.
    @Test func coverHidesSums() throws {
        let shape = try FabricatedStep.shape()
        let network = NetworkModel(name: "", latency: 1e-4, secondsPerByte: 0, secondsPerMessage: 0)
        func program(cover: Double) -> StepProgram {
            StepProgram(
                shape, FabricatedStep.profile(shape, fixed: 1e-3, cover: cover), network, globalBatch: 128, ranks: 2)
        }
        for (cover, hidden) in [(0, 0), (3e-5, 3e-5), (1e-4, 1e-4), (9e-4, 1e-4)] {
            let step = AnalyticStep.breakdown(program(cover: cover))
            #expect(abs(step[.statisticsLatency] - 18 * (1e-4 - hidden)) < 1e-12)
            #expect(abs(AnalyticStep.breakdown(program(cover: 0)).total - step.total - 18 * hidden) < 1e-9)
        }
        let jitter = RankVariation(jitter: 0.05)
        let waiting = [0, 9e-4].map { StepSimulation(program(cover: $0), jitter).meanSeconds(steps: 20) }
        #expect(waiting[1] < waiting[0] - 18 * 1e-4)
    }

    // Guards: one rank's step is its profile and nothing else.
    @Test func singleRankOnlyComputes() throws {
        let shape = try FabricatedStep.shape()
        let profile = FabricatedStep.profile(shape)
        let step = AnalyticStep.breakdown(
            StepProgram(shape, profile, Self.networks[0], globalBatch: 64, ranks: 1))
        #expect(abs(step.total / profile.step.seconds(RankShare(images: 64, granules: 16)) - 1) < 1e-12)
        #expect(step.obstacle == .fixedWork)
    }

    // Guards: with a network that costs nothing, granules that cost nothing and equal ranks, weak scaling is perfect, and
    // strong scaling loses the fixed work alone.
    @Test func perfectNetwork() throws {
        let shape = try FabricatedStep.shape()
        let study = ScalingStudy(shape, FabricatedStep.profile(shape, granule: 0), .none, simulatedSteps: 1)
        let weak = study.curve(.perfect, .weak(imagesPerRank: 64), mostRanks: 1024)
        #expect(weak.steps.count == 11 && weak.steps.allSatisfy { abs(weak.efficiency(of: $0) - 1) < 1e-9 })
        #expect(weak.reach.ranks == 1024 && weak.firstBeyond == nil)
        let strong = study.curve(.perfect, .strong(globalBatch: 128), mostRanks: 1024)
        #expect(strong.steps.map(\.ranks) == [1, 2, 4, 8, 16, 32, 64, 128])
        #expect(strong.steps.dropFirst().allSatisfy { $0.breakdown.obstacle == .fixedWork })
    }

    // Guards: a granule costs its time on the rank that holds it: sixteen on one rank, one each on sixteen and more, where
    // it is a part of the fixed work.
    @Test func granulesAreShared() throws {
        let shape = try FabricatedStep.shape()
        let (plain, cut) = (FabricatedStep.profile(shape, granule: 0), FabricatedStep.profile(shape, granule: 1e-4))
        let all = cut.step.granule
        #expect(all > 0)
        for (ranks, granules) in [(1, 16.0), (2, 8), (3, 6), (16, 1), (64, 1)] {
            func step(_ profile: StepProfile) -> StepBreakdown {
                AnalyticStep.breakdown(StepProgram(shape, profile, .perfect, globalBatch: 960, ranks: ranks))
            }
            #expect(abs(step(cut).total - step(plain).total - granules * all) < 1e-9, "\(ranks) ranks")
            #expect(abs(step(cut)[.granules] - (granules - 1) * all) < 1e-9, "\(ranks) ranks")
        }
    }

    // Guards: granules that hold no image cost nothing.
    @Test func emptyGranules() throws {
        let shape = try FabricatedStep.shape()
        let program = StepProgram(shape, FabricatedStep.profile(shape), .perfect, globalBatch: 8, ranks: 2)
        #expect(program.shares == [RankShare(images: 4, granules: 4), RankShare(images: 4, granules: 4)])
    }

    // Guards: a network that is better in any one respect is never slower.
    @Test(arguments: [2, 3, 17, 256])
    func fasterNetworksAreNeverSlower(ranks: Int) throws {
        let shape = try FabricatedStep.shape()
        func seconds(_ latency: Double, _ perByte: Double, _ perMessage: Double) -> Double {
            let network = NetworkModel(
                name: "", latency: latency, secondsPerByte: perByte, secondsPerMessage: perMessage)
            return ScalingStudy(
                shape, FabricatedStep.profile(shape), RankVariation(jitter: 0.05), simulatedSteps: 2
            ).step(network, globalBatch: 512, ranks: ranks).seconds
        }
        let slow = seconds(1e-4, 1e-8, 1e-5)
        #expect(seconds(5e-5, 1e-8, 1e-5) < slow)
        #expect(seconds(1e-4, 1e-9, 1e-5) < slow)
        // Two ranks have no further messages.
        let eager = seconds(1e-4, 1e-8, 1e-6)
        #expect(ranks == 2 ? eager == slow : eager < slow)
    }

    // Guards: every term is a part of the step, none is negative, and the terms that a network's parts cause grow with
    // them.
    @Test func termsAddUp() throws {
        let shape = try FabricatedStep.shape()
        for ranks in [2, 64, 1024] {
            let program = StepProgram(
                shape, FabricatedStep.profile(shape), Self.networks[0], globalBatch: 2048, ranks: ranks)
            let step = AnalyticStep.breakdown(program)
            #expect(StepTerm.allCases.allSatisfy { step[$0] >= 0 } && step[.waiting] == 0)
            let sums = StepTerm.allCases.reduce(0) { $0 + step[$1] }
            #expect(abs(sums - step.total) < 1e-12)
            #expect(step[.statisticsLatency] > 0 && step[.statisticsTransfer] > 0)
        }
    }

    // Guards: jitter costs time, more of it more, and more on more ranks, since each of the sums waits for the last of
    // all; the same seed gives the same times and another seed others.
    @Test func jitter() throws {
        let shape = try FabricatedStep.shape()
        func waiting(_ jitter: Double, ranks: Int, seed: UInt64 = 1) -> Double {
            ScalingStudy(
                shape, FabricatedStep.profile(shape), RankVariation(jitter: jitter, seed: seed), simulatedSteps: 20
            ).step(.perfect, globalBatch: 16 * ranks, ranks: ranks).breakdown[.waiting]
        }
        #expect(waiting(0.02, ranks: 8) > 0)
        #expect(waiting(0.05, ranks: 8) > waiting(0.02, ranks: 8))
        #expect(waiting(0.05, ranks: 128) > waiting(0.05, ranks: 8))
        #expect(waiting(0.05, ranks: 8) == waiting(0.05, ranks: 8))
        #expect(waiting(0.05, ranks: 8) != waiting(0.05, ranks: 8, seed: 2))
    }

    // Guards: a rank that takes 1.2 times as long makes the whole job take 1.2 times as long to compute.
    @Test(arguments: [2, 16])
    func slowRank(ranks: Int) throws {
        let shape = try FabricatedStep.shape()
        let profile = FabricatedStep.profile(shape)
        let study = ScalingStudy(shape, profile, RankVariation(jitter: 0, slowRank: 1.2), simulatedSteps: 1)
        let step = study.step(.perfect, globalBatch: 16 * ranks, ranks: ranks)
        #expect(
            abs(step.seconds / (1.2 * profile.step.seconds(RankShare(images: 16, granules: 16 / ranks))) - 1) < 1e-9)
        let alone = study.step(.perfect, globalBatch: 16, ranks: 1)
        #expect(abs(alone.seconds / profile.step.seconds(RankShare(images: 16, granules: 16)) - 1) < 1e-9)
    }

    // Guards: the article's step has 18 messages of batch normalisation and one of the loss; local statistics need none
    // in backward.
    @Test func messagesOfTheArticle() throws {
        #expect(try FabricatedStep.shape().smallSums == 19)
        #expect(try FabricatedStep.shape(normalization: .local).smallSums == 10)
    }

    // Guards: where it stops is the last number of ranks that is half efficient, and the sentence names what holds it up.
    @Test func sentenceNamesTheObstacle() throws {
        let shape = try FabricatedStep.shape()
        let slow = NetworkModel(name: "", latency: 1e-2, secondsPerByte: 0, secondsPerMessage: 0)
        let curve = ScalingStudy(
            shape, FabricatedStep.profile(shape, fixed: 0), .none, simulatedSteps: 1
        ).curve(slow, .strong(globalBatch: 128), mostRanks: 128)
        let beyond = try #require(curve.firstBeyond)
        #expect(beyond.ranks == 2 * curve.reach.ranks)
        #expect(curve.efficiency(of: curve.reach) >= 0.5 && curve.efficiency(of: beyond) < 0.5)
        #expect(curve.sentence.contains("latency of batch-norm messages"))
    }
}
