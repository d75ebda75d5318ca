import Foundation
import Measurements
import Training

/// How the ranks of a scaling measurement are started.
package struct ScalingLauncher: Equatable {
    /// A command with places for `{ranks}` and `{threads}`; nil for mpirun.
    private let template: [String]?
    private let hostfile: String?
    /// The cores of this machine that the jobs may use.
    private let cores: Int

    /// mpirun, with a file of hosts or on this machine.
    package init(hostfile: String?, cores: Int) {
        template = nil
        self.hostfile = hostfile
        self.cores = cores
    }

    /// A command, its words apart by spaces; nil if it has no place for `{ranks}`.
    package init?(command: String, cores: Int) {
        guard command.contains("{ranks}") else { return nil }
        template = command.split(separator: " ").map(String.init)
        hostfile = nil
        self.cores = cores
    }

    /// The program that is started.
    package var program: String { template?.first ?? "mpirun" }

    /// Whether a layout has more threads than this machine has cores; unknown, and so false, on other hosts.
    package func isOversubscribed(_ layout: RankLayout) -> Bool {
        template == nil && hostfile == nil && layout.cores > cores
    }

    /// The command line that starts a program in a layout, each thread bound to a core of its own where there are enough.
    package func words(_ layout: RankLayout, program: [String]) -> [String] {
        if let template {
            return template.map {
                $0.replacingOccurrences(of: "{ranks}", with: "\(layout.ranks)")
                    .replacingOccurrences(of: "{threads}", with: "\(layout.threads)")
            } + program
        }
        let hosts = hostfile.map { ["--hostfile", $0] } ?? []
        let placement =
            isOversubscribed(layout)
            ? ["--oversubscribe", "--bind-to", "none"]
            : ["--map-by", layout.threads == 1 ? "core" : "slot:PE=\(layout.threads)", "--bind-to", "core"]
        return ["mpirun"] + hosts + ["-np", "\(layout.ranks)"] + placement + program
    }
}
