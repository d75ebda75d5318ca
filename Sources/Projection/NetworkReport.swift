/// What was measured between some ranks, and the model that fits it.
package struct NetworkReport: Codable, Sendable, Equatable {
    /// The host of each rank.
    package let hosts: [String]
    /// The measurements.
    package let timings: [NetworkTiming]
    /// The model: latency and bandwidth from all ping-pongs.
    package let model: NetworkModel
    /// How well it fits the ping-pongs.
    package let fit: LinearFit
    /// The messages between rank 0 and each other rank by themselves, from rank 1 on.
    package let fitByPeer: [LinearFit]

    /// The number of ranks.
    package var ranks: Int { hosts.count }

    /// The report of measurements between the ranks of `hosts`.
    ///
    /// The time of a further message can be told only from three ranks on: from the smallest all-gather, which takes
    /// α + (R − 2) g. With two ranks it is taken to be the latency.
    ///
    /// - Throws: `ProjectionError` when the measurements do not suffice.
    package init(hosts: [String], timings: [NetworkTiming]) throws(ProjectionError) {
        self.hosts = hosts
        self.timings = timings
        let messages = timings.filter { $0.operation == .pingPong }
        func fit(_ timings: [NetworkTiming]) throws(ProjectionError) -> LinearFit {
            try LinearFit(timings.map { TimedAmount(amount: Double($0.bytes), seconds: $0.seconds) })
        }
        let line = try fit(messages)
        self.fit = line
        var byPeer: [LinearFit] = []
        for peer in 1..<max(2, hosts.count) { byPeer.append(try fit(messages.filter { $0.peer == peer })) }
        fitByPeer = byPeer
        let latency = line.time.fixed
        let smallest = timings.filter { $0.operation == .smallSum }.min { $0.bytes < $1.bytes }
        let further = smallest.flatMap { sum in
            hosts.count > 2 ? max(0, sum.seconds - latency) / Double(hosts.count - 2) : nil
        }
        model = NetworkModel(
            name: "measured", latency: latency, secondsPerByte: line.time.each, secondsPerMessage: further)
    }

    /// The model's time for a measurement over the measured one, less 1.
    package func error(of timing: NetworkTiming) -> Double {
        timing.operation.modelled(bytes: timing.bytes, model, ranks: ranks).total / timing.seconds - 1
    }
}

/// How long an operation between ranks takes at one size.
package struct NetworkTiming: Codable, Sendable, Equatable {
    /// The operation.
    package let operation: NetworkOperation
    /// The other rank of a ping-pong with rank 0; nil for what all ranks do.
    package let peer: Int?
    /// The bytes of the message, or that every rank holds in the end.
    package let bytes: Int
    /// Seconds of one operation, the median over the repeats; of the rank that takes longest in each.
    package let seconds: Double

    /// A timing.
    package init(operation: NetworkOperation, peer: Int? = nil, bytes: Int, seconds: Double) {
        self.operation = operation
        self.peer = peer
        self.bytes = bytes
        self.seconds = seconds
    }
}
