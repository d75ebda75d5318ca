import Foundation
import Tensors

/// How much the ranks of a job differ: every piece of computing takes exp(σ z − σ²/2) times its time, z normal, whose
/// mean is 1; and one rank may be slower than the others throughout.
package struct RankVariation: Codable, Sendable, Equatable {
    /// σ: about the relative standard deviation of a piece of computing.
    package let jitter: Double
    /// How many times as long the last rank takes for its computing, if there are several.
    package let slowRank: Double
    /// Decides every draw.
    package let seed: UInt64

    /// A variation.
    package init(jitter: Double, slowRank: Double = 1, seed: UInt64 = 1) {
        precondition(jitter >= 0 && slowRank > 0, "neither is negative")
        self.jitter = jitter
        self.slowRank = slowRank
        self.seed = seed
    }

    /// None: every rank takes its time exactly.
    package static let none = RankVariation(jitter: 0)

    /// The factors of `count` pieces of computing of one rank in one step.
    func factors(rank: Int, of ranks: Int, step: Int, count: Int) -> [Double] {
        let speed = ranks > 1 && rank == ranks - 1 ? slowRank : 1
        guard jitter > 0 else { return Array(repeating: speed, count: count) }
        var stream = RandomStream(seed: seed, purpose: .projection, epoch: step, sample: rank)
        return (0..<count).map { _ in speed * exp(jitter * Double(stream.normal()) - jitter * jitter / 2) }
    }
}
