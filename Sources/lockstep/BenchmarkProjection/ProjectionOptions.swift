import CommandLineArguments
import Training

/// The options of `benchmark projection`.
enum ProjectionOptions {
    static let images = Option(
        "images", .list, placeholder: "LIST", default: ["1", "2", "4", "8", "16", "32", "64"],
        help: "images of a rank that are measured; at least two")
    static let repeats = Option(
        "repeats", .integer(1...1_000_000), default: 5, help: "steps of each size; the median counts")
    static let measured = Option(
        "measured", .list, placeholder: "FILE,...",
        help: "files with lines of 'benchmark throughput --json' to compare with")
    static let output = Option(
        "output", .path, placeholder: "PATH", familiarNames: ["out"],
        help: "also write plots, as an HTML page, to this file")

    static let networkJSON = Option(
        "network-json", .path, placeholder: "FILE", help: "the JSON line of 'benchmark network'")
    static let networks = Option(
        "networks", .list, placeholder: "LIST", default: ["1", "10", "25", "100"],
        help: "of 1, 10, 25 and 100 Gbit/s with typical latencies of 50, 30, 20 and 2 µs; with another network "
            + "\(networksBesideAnother.joined(separator: ",")) unless given")
    /// So many that a plot has marks for all.
    static let networksBesideAnother = ["1", "10", "100"]
    static let gbit = Option<Double?>(
        "gbit", .number(.positive), placeholder: "GBIT", familiarNames: ["bandwidth"],
        help: "a network of so many 10^9 bits per second; with --latency-us")
    static let latency = Option<Double?>(
        "latency-us", .number(.atLeast(0)), placeholder: "US", familiarNames: ["latency"],
        help: "its microseconds of an empty message")
    static let message = Option<Double?>(
        "message-us", .number(.atLeast(0)), placeholder: "US",
        help: "its microseconds of each further message sent at once; the latency unless given")

    static let maxRanks = Option(
        "max-ranks", .integer(2...65_536), default: 1024, help: "the most ranks, from 1 on by doubling")
    static let strong = Option(
        "strong", .list, placeholder: "LIST", default: ["128", "512", "2048"],
        help: "global batches that stay the same on all ranks")
    static let weak = Option(
        "weak", .integer(1...1_000_000), placeholder: "IMAGES", default: 64,
        help: "images of each rank that stay the same")
    static let jitter = Option(
        "jitter", .number(.between(0...1)), default: 0.03,
        help: "how much computing varies from time to time, log-normal, as a share")
    static let slowRank = Option(
        "slow-rank", .number(.atLeast(1)), placeholder: "FACTOR", default: 1,
        help: "one rank takes so many times as long to compute")
    static let simulatedSteps = Option(
        "simulated-steps", .integer(1...100_000), default: 10, help: "steps whose mean counts")
    static let seed = Option("seed", .integer(0...Int.max), default: UInt64(1), help: "decides every draw")

    static let sections = [
        OptionSection("Measurement", [images, repeats, measured, ProjectionCommand.json, output]),
        OptionSection("Projected network", [networkJSON, networks, gbit, latency, message]),
        OptionSection("Projected ranks", [maxRanks, strong, weak, jitter, slowRank, simulatedSteps, seed]),
        NetworkOptions.section, RankOptions.section,
    ]
}
