import Tensors

/// A step on some ranks as a list of events that every rank goes through in the same order, each with its time.
package struct StepProgram: Sendable {
    /// What a rank meets.
    package enum Event: Sendable, Equatable {
        /// It computes, for so long depending on its share.
        case compute(WorkTime)
        /// It waits for all ranks and for their sums of batch normalisation, less the seconds of its computing before or
        /// behind this event in which they travel.
        case statistics(TransferTime, cover: Double)
        /// The loss travels once all ranks are here; `finish` waits for it.
        case loss(TransferTime)
        /// Its gradients of these buckets are ready to leave.
        case buckets(Range<Int>)
        /// It waits for all buckets, and for the loss.
        case finish
        /// The waiting times of all ranks travel while it computes, for so long, and it waits for them.
        case update(WorkTime, sharing: TransferTime)
    }

    /// What each rank computes.
    package let shares: [RankShare]
    /// The share that takes longest.
    package let largestShare: RankShare
    /// The events.
    package let events: [Event]
    /// The operations of each bucket, one after the other: an all-to-all and an all-gather, or one sum.
    package let buckets: [[TransferTime]]

    /// The number of ranks.
    package var ranks: Int { shares.count }

    /// How often a rank computes.
    package var computingCount: Int {
        events.count { event in
            switch event {
            case .compute, .update: true
            default: false
            }
        }
    }

    /// The program of a step.
    package init(_ shape: StepShape, _ profile: StepProfile, _ network: NetworkModel, globalBatch: Int, ranks: Int) {
        precondition(profile.layers.count == shape.layers.count, "a profile of another network")
        let plan = shape.plan(globalBatch: globalBatch, ranks: ranks)
        let costs = StepCosts(shape, network, plan)
        let shares = (0..<ranks).map {
            let images = plan.samples(ofRank: $0).count
            return RankShare(images: images, granules: min(images, plan.granules(ofRank: $0).count))
        }
        let step = profile.step
        self.shares = shares
        largestShare = shares.max { step.seconds($0) < step.seconds($1) }!
        let cut = shape.buckets(ranks: ranks)
        buckets = cut.map(costs.bucket)
        var events: [Event] = []
        for (layer, time) in zip(shape.layers, profile.layers) {
            if let width = layer.forwardWidth {
                events.append(.statistics(costs.smallSum(width: width), cover: time.forward.cover))
            }
            events.append(.compute(time.forward.time))
        }
        events += [.compute(profile.loss), .loss(costs.smallSum(width: StepShape.lossWidth))]
        var started = 0
        func start(from ready: Int, in events: inout [Event]) {
            let first = started
            while started < cut.count, cut[started].lowerBound >= ready { started += 1 }
            if started > first { events.append(.buckets(first..<started)) }
        }
        for (layer, time) in zip(shape.layers, profile.layers).reversed() {
            events.append(.compute(time.backward.time))
            if let width = layer.backwardWidth {
                events.append(.statistics(costs.smallSum(width: width), cover: time.backward.cover))
            }
            if let first = layer.firstParameter { start(from: first, in: &events) }
        }
        start(from: 0, in: &events)
        // One number for each operation that a rank waited for, `finish` among them.
        let numbers = shape.smallSums + 1
        let sharing = costs.collectives.allGather(
            Array(repeating: numbers * MemoryLayout<Double>.stride, count: ranks))
        self.events = events + [.finish, .update(profile.update, sharing: sharing)]
    }
}
