import CommandLineArguments
import Failures
import Foundation
import Projection
import Training

/// The `NetworkReport` that `benchmark network --json` prints, for its readers.
package enum NetworkDocument {
    /// The network model in a file that holds such a line.
    ///
    /// - Throws: `RunFailure` naming the file.
    package static func model(path: String) throws(RunFailure) -> NetworkModel {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            // mpirun may have printed something else before it.
            let line = text.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
            let report = try decoder.decode(NetworkReport.self, from: Data(line.utf8))
            let model = report.model
            let numbers = [model.latency, model.secondsPerByte, model.secondsPerMessage]
            guard numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw CocoaError(.coderInvalidValue) }
            return model
        } catch {
            throw RunFailure(
                .data,
                "\(path) cannot be read as a measured network; write it with 'mpirun -np 2 lockstep benchmark network "
                    + "--json > FILE'.", isShared: true)
        }
    }

    /// Every key with its meaning.
    static let keys: [HelpSection.Row] = [
        .init("hosts", "the host of each rank"),
        .init("model", "name, latency, seconds_per_byte, seconds_per_message: the network in three numbers"),
        .init("fit", "time (fixed, each), median_error, largest_error: the line through all ping-pongs"),
        .init("fit_by_peer", "the same for each rank from 1 on by itself"),
        .init("timings", "operation, bytes, seconds, and of a ping-pong the peer"),
        .init("operation", "ping_pong, small_sum, ordered_reduction or float_sum"),
    ]
}
