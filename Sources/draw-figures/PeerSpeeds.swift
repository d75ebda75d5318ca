import Foundation
import Reports

/// What `scripts/benchmarks/benchmark-peers` has measured: images per second of whole steps, a number for each round.
struct PeerSpeeds: Decodable {
    private let ranks: [Int]
    private let imagesPerSecond: [String: [Double]]

    private enum CodingKeys: String, CodingKey {
        case ranks
        case imagesPerSecond = "images_per_second"
    }

    /// Reads its figures.
    init() throws {
        let file = URL(fileURLWithPath: "scripts/benchmarks/figures/peers.json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    var plot: LinePlot {
        let lockstep = series("Lockstep", key: "lockstep")
        let slope = lockstep.points.first.map { $0.y / $0.x } ?? 1
        return LinePlot(
            xTitle: "ranks, a core each", yTitle: "images per second",
            series: [lockstep, series("PyTorch DDP", key: "pytorch")], ideal: .proportional(slope: slope))
    }

    /// The median of the rounds, with a bar from the slowest to the fastest.
    private func series(_ name: String, key: String) -> PlotSeries {
        PlotSeries(
            name,
            ranks.compactMap { ranks in
                let rounds = imagesPerSecond["\(key) \(ranks)"] ?? []
                guard let slowest = rounds.min(), let fastest = rounds.max() else { return nil }
                return PlotPoint(
                    x: Double(ranks), y: rounds.median, spread: slowest...fastest,
                    title: "\(name), \(ranks) \(ranks == 1 ? "rank" : "ranks"): \(Int(rounds.median)) images/s")
            })
    }
}
