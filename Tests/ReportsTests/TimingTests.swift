import Testing

import Reports

@Suite("Speed and where time goes")
struct TimingTests {
    @Test("A benchmark's figures are those of the median and the shortest step")
    func summary() throws {
        let odd = try #require(ThroughputSummary(globalBatch: 128, stepSeconds: [4, 1, 2]))
        #expect(odd.imagesPerSecond == 64 && odd.bestImagesPerSecond == 128)
        let even = try #require(ThroughputSummary(globalBatch: 120, stepSeconds: [1, 8, 2, 4]))
        #expect(even.imagesPerSecond == 40 && even.bestImagesPerSecond == 120)
        #expect(ThroughputSummary(globalBatch: 128, stepSeconds: []) == nil)
        #expect(ThroughputSummary(globalBatch: 128, stepSeconds: [1, 0]) == nil)
        #expect(ThroughputSummary(globalBatch: 128, stepSeconds: [1, .nan]) == nil)
    }

    @Test("Each moment belongs to one phase, and a step's phases add to its epoch's")
    func phases() {
        var step = StepTimer()
        step.enter(.dataWait, at: 10)
        step.enter(.compute, at: 11)
        step.enter(.slowestRank, at: 13)
        step.enter(.compute, at: 13.5)
        step.leave(at: 14)
        step.leave(at: 100)
        let expected: [StepPhase: Double] = [.dataWait: 1, .compute: 2.5, .slowestRank: 0.5]
        for phase in StepPhase.allCases { #expect(step.account[phase] == expected[phase] ?? 0) }
        #expect(step.account.total == 4)
        var epoch = step.account
        epoch.add(step.account)
        #expect(epoch[.compute] == 5 && epoch.total == 8)
        #expect(epoch.divided(by: 2) == step.account && epoch.divided(by: 0) == epoch)
    }

    @Test("Time that was measured inside a phase changes its phase, not the total", arguments: StepPhase.allCases)
    func move(target: StepPhase) {
        var account = StepAccount { $0 == .compute ? 4 : 1 }
        account.move(0.5, from: .compute, to: target)
        #expect(account.total == 8)
        #expect(account[target] == (target == .compute ? 4 : 1.5))
        #expect(account[.compute] == (target == .compute ? 4 : 3.5))
    }

    @Test("Each phase has the median of its own times")
    func medians() {
        let steps = [(5.0, 1.0), (1, 2), (3, 9), (100, 0)].map { compute, data in
            StepAccount { $0 == .compute ? compute : $0 == .dataWait ? data : 0 }
        }
        let median = StepAccount.median(of: steps)
        #expect(median[.compute] == 4 && median[.dataWait] == 1.5 && median[.slowestRank] == 0)
        #expect(StepAccount.median(of: Array(steps.prefix(3)))[.dataWait] == 2)
        #expect(StepAccount.median(of: []) == StepAccount())
    }

    @Test("The clock goes forward")
    func clock() {
        let first = MonotonicClock.seconds
        #expect(MonotonicClock.seconds >= first)
    }
}
