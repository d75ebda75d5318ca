import Foundation
import Testing

import Optimizers

@Suite struct LearningRateScheduleTests {
    @Test("the step schedule is the e-book's over the article's 20 epochs of 391 steps")
    func stepsAsTheEBook() {
        let schedule = LearningRateSchedule(kind: .step, baseRate: 1e-3)
        let expected: [Float] =
            Array(repeating: 1e-3, count: 6) + Array(repeating: 2e-4, count: 5) + Array(repeating: 1e-4, count: 5)
            + Array(repeating: 1e-5, count: 4)
        for epoch in 0..<20 {
            for step in [epoch * 391, epoch * 391 + 390] {
                #expect(schedule.rate(step: step, stepsPerEpoch: 391, totalSteps: 7820) == expected[epoch])
            }
        }
    }

    @Test("the step schedule scales to another base rate")
    func scalesSteps() {
        let schedule = LearningRateSchedule(kind: .step, baseRate: 0.5)
        let rates = [0, 6, 11, 16].map { schedule.rate(step: $0, stepsPerEpoch: 1, totalSteps: 20) }
        #expect(rates == [0.5, 0.1, 0.05, 0.005])
    }

    @Test("the constant schedule is constant after a warmup that begins above zero")
    func warmsUpConstant() {
        let plain = LearningRateSchedule(baseRate: 1e-3)
        #expect([0, 1, 5000].map { plain.rate(step: $0, stepsPerEpoch: 10, totalSteps: 100) } == [1e-3, 1e-3, 1e-3])
        let warm = LearningRateSchedule(baseRate: 0.8, warmupSteps: 3)
        let rates = (0..<6).map { warm.rate(step: $0, stepsPerEpoch: 10, totalSteps: 100) }
        #expect(rates == [0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
    }

    @Test("the cosine falls to zero at the end of the run, after its warmup")
    func fallsAsCosine() {
        let schedule = LearningRateSchedule(kind: .cosine, baseRate: 1, warmupSteps: 2)
        let rates = [0, 1, 2, 4, 5, 6, 8, 10, 11].map { schedule.rate(step: $0, stepsPerEpoch: 5, totalSteps: 10) }
        // Over the 8 steps behind the warmup: (1 + cos πx) / 2 at x = 0, 1/4, 3/8, 1/2, 3/4, 1.
        let expected: [Float] = [1 / 3, 2 / 3, 1, 0.853_553_4, 0.691_341_7, 0.5, 0.146_446_6, 0, 0]
        for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) < 1e-7) }
        #expect(schedule.rate(step: 9, stepsPerEpoch: 5, totalSteps: 10) > 0)
    }

    @Test("the linear schedule falls straight to zero at the end of the run, after its warmup")
    func fallsStraight() {
        let schedule = LearningRateSchedule(kind: .linear, baseRate: 1, warmupSteps: 2)
        let steps = [0, 1, 2, 4, 6, 9, 10, 11]
        let rates = steps.map { schedule.rate(step: $0, stepsPerEpoch: 5, totalSteps: 10) }
        let expected: [Float] = [1 / 3, 2 / 3, 1, 0.75, 0.5, 0.125, 0, 0]
        #expect(rates == expected)
    }

    @Test("the triangular schedule rises straight over 23 % of the run, and falls straight to 7 %")
    func risesAndFallsStraight() {
        let schedule = LearningRateSchedule(kind: .triangular, baseRate: 1)
        func rate(_ step: Int) -> Float { schedule.rate(step: step, stepsPerEpoch: 10, totalSteps: 200) }
        let expected: [(Int, Float)] = [(0, 0.2), (23, 0.6), (46, 1), (123, 0.535), (200, 0.07), (250, 0.07)]
        for (step, wanted) in expected { #expect(abs(rate(step) - wanted) < 1e-7, "step \(step)") }
        let short = LearningRateSchedule(kind: .triangular, baseRate: 1, warmupSteps: 10)
        #expect(abs(short.rate(step: 5, stepsPerEpoch: 10, totalSteps: 200) - 0.6) < 1e-7)
        #expect(short.rate(step: 10, stepsPerEpoch: 10, totalSteps: 200) == 1)
    }

    @Test("one-cycle rises over 30 % of the run and ends at a ten-thousandth")
    func risesAndFalls() {
        let schedule = LearningRateSchedule(kind: .oneCycle, baseRate: 1)
        func rate(_ step: Int) -> Float { schedule.rate(step: step, stepsPerEpoch: 10, totalSteps: 101) }
        // The rise takes 30 steps, the fall the 70 from step 30 to the last one, 100.
        let expected: [(Int, Float)] = [(0, 0.04), (15, 0.52), (30, 1), (65, 0.500_05), (100, 1e-4), (150, 1e-4)]
        for (step, wanted) in expected { #expect(abs(rate(step) - wanted) < 1e-7, "step \(step)") }
        let short = LearningRateSchedule(kind: .oneCycle, baseRate: 1, warmupSteps: 10)
        #expect(abs(short.rate(step: 5, stepsPerEpoch: 10, totalSteps: 101) - 0.52) < 1e-7)
        #expect(short.rate(step: 10, stepsPerEpoch: 10, totalSteps: 101) == 1)
    }

    @Test("no length of run is too short for a finite rate", arguments: ScheduleKind.allCases, [0, 1, 2, 3, 5])
    func survivesShortRuns(kind: ScheduleKind, totalSteps: Int) {
        for warmup in [0, 1, 4, 10] {
            let schedule = LearningRateSchedule(kind: kind, baseRate: 0.5, warmupSteps: warmup)
            for step in 0...totalSteps {
                let rate = schedule.rate(step: step, stepsPerEpoch: 0, totalSteps: totalSteps)
                #expect(rate.isFinite && rate >= 0 && rate <= 0.5)
            }
        }
    }

    @Test("the half cosine is the library's to the last bits")
    func matchesCosine() {
        for step in 0...1000 {
            let x = Double(step) / 1000
            #expect(abs(LearningRateSchedule.halfCosine(x) - (1 + cos(Double.pi * x)) / 2) < 4e-16)
        }
        #expect(LearningRateSchedule.halfCosine(1) == 0)
    }

    @Test("a plan on disk gives the same schedule back, kinds by their names", arguments: ScheduleKind.allCases)
    func roundTrips(kind: ScheduleKind) throws {
        let schedule = LearningRateSchedule(kind: kind, baseRate: 0.1, warmupSteps: 17)
        let data = try JSONEncoder().encode(schedule)
        #expect(try JSONDecoder().decode(LearningRateSchedule.self, from: data) == schedule)
        #expect(String(decoding: data, as: UTF8.self).contains("\"kind\":\"\(kind.rawValue)\""))
        #expect(
            ScheduleKind.allCases.map(\.rawValue) == [
                "constant", "step", "linear", "cosine", "triangular", "one-cycle",
            ])
    }

    @Test("settings that cannot work get a sentence")
    func refusesBadSettings() {
        let rate = #expect(throws: OptimizerError.self) { try LearningRateSchedule(baseRate: -1).validate() }
        #expect(rate?.description == "the learning rate is -1.0; choose a positive number such as 1e-3.")
        #expect(throws: OptimizerError.self) { try LearningRateSchedule(baseRate: .nan).validate() }
        #expect(throws: OptimizerError.self) { try LearningRateSchedule(baseRate: 1e300).validate() }
        let warmup = #expect(throws: OptimizerError.self) { try LearningRateSchedule(warmupSteps: -5).validate() }
        #expect(warmup?.description == "the warmup is -5 steps; choose 0 for none, or a positive number.")
    }
}
