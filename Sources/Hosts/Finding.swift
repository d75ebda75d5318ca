import Reports

/// One thing about a job's hosts that makes it slower than it could be, with the step that mends it, in one line.
package struct Finding: Codable, Sendable, Equatable {
    /// What was found.
    package enum Cause: String, Codable, Sendable, CaseIterable {
        /// A control group allows less processor time than the threads in it use.
        case processorLimit = "processor-limit"
        /// Threads have to share cores.
        case sharedCores = "shared-cores"
        /// Threads have cores of their own that are hardware threads of the same physical core.
        case sharedPhysicalCores = "shared-physical-cores"
        /// Not enough memory for the network and the data.
        case memory
        /// Ranks of a host may not read each other's memory, which MPI tries with every large message.
        case crossMemoryAttach = "cross-memory-attach"
        /// The hosts have different processors.
        case mixedProcessors = "mixed-processors"
        /// Ranks are measurably slower than the others.
        case slowRanks = "slow-ranks"
        /// Several ranks may run on the same cores, of which there are enough.
        case unboundRanks = "unbound-ranks"
        /// Cores that no thread uses.
        case idleCores = "idle-cores"
        /// The hosts bring very different numbers of cores or threads.
        case unevenHosts = "uneven-hosts"

        /// Whether it is worth a line at the start of a training; the others may well be meant.
        package var isWarning: Bool {
            switch self {
            case .unboundRanks, .idleCores, .unevenHosts: false
            default: true
            }
        }
    }

    /// What was found.
    package let cause: Cause
    /// Hosts, ranks and remedy.
    package let sentence: String

    /// What was found, in a whole sentence.
    package init(_ cause: Cause, sentence: String) {
        self.cause = cause
        self.sentence = sentence
    }

    /// The line for a cause that was found on so many hosts: the sentence about the first one, and on how many others it
    /// is the same; nil without any.
    ///
    /// - Parameter sentences: one for each host, without a full stop.
    package init?(_ cause: Cause, _ sentences: [String]) {
        guard let first = sentences.first else { return nil }
        self.cause = cause
        let others = sentences.count - 1
        sentence = first + (others == 0 ? "." : " (likewise on \(NumberFormat.counted(others, "host")) more).")
    }

    /// For people.
    package var line: String { (cause.isWarning ? "Warning: " : "Note: ") + sentence }
}
