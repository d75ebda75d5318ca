/// A network in three numbers. A message of m bytes takes latency + m · secondsPerByte (R. W. Hockney, "The
/// communication challenge for MPP", 1994: α + m/β). A rank that sends to several others at once sends one message
/// every `secondsPerMessage` (the gap g of LogGP; Alexandrov and others, 1995).
package struct NetworkModel: Codable, Sendable, Equatable {
    /// What people call it.
    package let name: String
    /// α: seconds of an empty message.
    package let latency: Double
    /// 1/β: further seconds for each byte.
    package let secondsPerByte: Double
    /// g: seconds of each further message that a rank sends at the same time.
    package let secondsPerMessage: Double

    /// A network. Without a time for further messages each of them costs a whole latency, which is cautious.
    package init(name: String, latency: Double, secondsPerByte: Double, secondsPerMessage: Double? = nil) {
        self.name = name
        self.latency = latency
        self.secondsPerByte = secondsPerByte
        self.secondsPerMessage = secondsPerMessage ?? latency
    }

    /// A network of so many 10⁹ bits per second.
    package init(name: String, gbit: Double, latency: Double, secondsPerMessage: Double? = nil) {
        self.init(
            name: name, latency: latency, secondsPerByte: 8 / (gbit * 1e9), secondsPerMessage: secondsPerMessage)
    }

    /// 10⁹ bits per second; infinite if bytes cost nothing.
    package var gbit: Double { 8e-9 / secondsPerByte }

    /// Networks by their 10⁹ bits per second, with latencies that MPI programs typically see on them: TCP over Ethernet
    /// up to 25, InfiniBand or RoCE at 100. They are assumptions, not measurements.
    package static let named: [String: NetworkModel] = [
        "1": NetworkModel(name: "1 Gbit/s", gbit: 1, latency: 50e-6, secondsPerMessage: 5e-6),
        "10": NetworkModel(name: "10 Gbit/s", gbit: 10, latency: 30e-6, secondsPerMessage: 4e-6),
        "25": NetworkModel(name: "25 Gbit/s", gbit: 25, latency: 20e-6, secondsPerMessage: 3e-6),
        "100": NetworkModel(name: "100 Gbit/s", gbit: 100, latency: 2e-6, secondsPerMessage: 0.3e-6),
    ]

    /// A network that costs nothing.
    package static let perfect = NetworkModel(name: "perfect", latency: 0, secondsPerByte: 0)
}
