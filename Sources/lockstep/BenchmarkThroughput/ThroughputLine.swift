import Failures
import Foundation
import Reports

/// The line that `benchmark throughput --json` prints, and that `benchmark scaling` and `benchmark projection` read.
package struct ThroughputLine: Encodable, Sendable, Equatable {
    /// The ranks that took part.
    package let ranks: Int
    /// The threads of each.
    package let threads: Int
    /// The images of a step over all ranks.
    package let globalBatch: Int
    /// Bytes of gradients that travelled together.
    let bucketBytes: Int
    /// Images per second of the median step.
    package let imagesPerSecond: Double
    /// Images per second of the shortest step.
    let bestImagesPerSecond: Double
    /// Memory of the rank that takes most, in bytes; nil where it is not known.
    let privateMemoryBytes: Int?
    /// Memory that this rank had in use at most, in bytes; nil where it is not known.
    let peakResidentBytes: Int?
    /// The granules of each rank.
    let granulesByRank: [Int]
    /// Where the median step went, the mean over the ranks.
    package let account: StepAccount
    /// Where each rank's median step went.
    let byRank: [StepAccount]
    /// Why the figure is to be mistrusted: threads that had to share cores; nil if it is not.
    package let warning: String?

    /// Seconds of the median step.
    package var seconds: Double { Double(globalBatch) / imagesPerSecond }
}

// MARK: - Reading

extension ThroughputLine {
    /// Finds the line in what a launcher printed; nil if it is not there, or lacks a value.
    package init?(in output: String) {
        guard let text = output.split(separator: "\n").last(where: { $0.hasPrefix("{") }),
            let line = ThroughputLine(text), line.account.total.isFinite
        else { return nil }
        self = line
    }

    /// Reads a line; nil if it is none, or if a value is impossible.
    private init?(_ text: Substring) {
        guard let line = try? JSONDecoder().decode(ThroughputLine.self, from: Data(text.utf8)), line.threads > 0,
            line.imagesPerSecond > 0, (1...1 << 16).contains(line.ranks),
            (line.ranks...1_000_000_000).contains(line.globalBatch)
        else { return nil }
        self = line
    }

    /// Every measurement in a file, one a line; lines that do not begin with { are passed over.
    ///
    /// - Throws: `RunFailure` naming the file and the line that is none, or a file without any.
    package static func all(path: String) throws(RunFailure) -> [ThroughputLine] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw RunFailure(
                .data, "\(path) cannot be read: \(SystemReason.text(of: error)). Check the path given to --measured.",
                isShared: true)
        }
        var lines: [ThroughputLine] = []
        for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where text.hasPrefix("{") {
            guard let line = ThroughputLine(text) else {
                throw RunFailure(
                    .data,
                    "Line \(index + 1) of \(path) is no line of 'lockstep benchmark throughput --json'; give only such "
                        + "files to --measured.", isShared: true)
            }
            lines.append(line)
        }
        guard !lines.isEmpty else {
            throw RunFailure(
                .data, "\(path) holds no measurement; write it with 'lockstep benchmark throughput --json > FILE'.",
                isShared: true)
        }
        return lines
    }
}

extension ThroughputLine: Decodable {
    private enum Key: String, CodingKey {
        case ranks, threads, warning
        case globalBatch = "global_batch"
        case bucketBytes = "bucket_bytes"
        case imagesPerSecond = "images_per_second"
        case bestImagesPerSecond = "best_images_per_second"
        case privateMemoryBytes = "private_memory_bytes"
        case peakResidentBytes = "peak_resident_bytes"
        case granulesByRank = "granules_by_rank"
        case byRank = "by_rank"
    }

    /// Reads a line, of an earlier version too, which may lack what no reader needs.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        ranks = try fields.decode(Int.self, forKey: .ranks)
        threads = try fields.decode(Int.self, forKey: .threads)
        globalBatch = try fields.decode(Int.self, forKey: .globalBatch)
        bucketBytes = try fields.decodeIfPresent(Int.self, forKey: .bucketBytes) ?? 0
        imagesPerSecond = try fields.decode(Double.self, forKey: .imagesPerSecond)
        bestImagesPerSecond = try fields.decodeIfPresent(Double.self, forKey: .bestImagesPerSecond) ?? imagesPerSecond
        privateMemoryBytes = try fields.decodeIfPresent(Int.self, forKey: .privateMemoryBytes)
        peakResidentBytes = try fields.decodeIfPresent(Int.self, forKey: .peakResidentBytes)
        granulesByRank = try fields.decodeIfPresent([Int].self, forKey: .granulesByRank) ?? []
        account = try StepAccount(from: decoder)
        byRank = try fields.decodeIfPresent([StepAccount].self, forKey: .byRank) ?? []
        warning = try fields.decodeIfPresent(String.self, forKey: .warning)
    }
}
