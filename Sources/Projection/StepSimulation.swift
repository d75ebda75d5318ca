/// A simulation of a step: every rank has a clock of its own, the network serves one bucket after the other, and what
/// waits for all ranks waits for the last clock. The same seed gives the same times.
package struct StepSimulation {
    private let program: StepProgram
    private let variation: RankVariation

    /// A simulation of a program on ranks that vary.
    package init(_ program: StepProgram, _ variation: RankVariation) {
        self.program = program
        self.variation = variation
    }

    /// The seconds of each of so many steps. Steps do not overlap: each ends with an exchange of all ranks.
    package func seconds(steps: Int) -> [Double] {
        (0..<steps).map(seconds(ofStep:))
    }

    /// The mean of so many steps.
    package func meanSeconds(steps: Int) -> Double {
        precondition(steps > 0, "at least one step")
        return seconds(steps: steps).reduce(0, +) / Double(steps)
    }

    private func seconds(ofStep step: Int) -> Double {
        let ranks = program.ranks
        let factors = (0..<ranks).map {
            variation.factors(rank: $0, of: ranks, step: step, count: program.computingCount)
        }
        var clocks = [Double](repeating: 0, count: ranks)
        var (networkFree, lossArrival) = (0.0, 0.0)
        var piece = 0
        var last: Double { clocks.max() ?? 0 }
        func compute(_ time: WorkTime) {
            for rank in 0..<ranks {
                clocks[rank] += time.seconds(program.shares[rank]) * factors[rank][piece]
            }
            piece += 1
        }
        func meet(at moment: Double) {
            for rank in 0..<ranks { clocks[rank] = max(clocks[rank], moment) }
        }
        for event in program.events {
            switch event {
            case .compute(let time): compute(time)
            case .statistics(let time, let cover):
                // Whoever is no more ahead of the last rank than its cover waits for nobody.
                meet(at: last + time.total - cover)
            case .loss(let time): lossArrival = last + time.total
            case .buckets(let range):
                // A bucket moves when the last rank has handed over its part.
                let ready = last
                for bucket in range {
                    for operation in program.buckets[bucket] {
                        networkFree = max(networkFree, ready) + operation.total
                    }
                }
            case .finish: meet(at: max(last, networkFree, lossArrival))
            case .update(let time, let sharing):
                let shared = last + sharing.total
                compute(time)
                meet(at: max(last, shared))
            }
        }
        return last
    }
}
