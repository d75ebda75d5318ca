import Foundation
import Hosts
import Training

/// The machine this process runs on, for the record of a measurement.
package struct Machine: Encodable, Sendable, Hashable {
    /// The processor's name as the system gives it.
    package let processor: String
    /// The cores that the process may use.
    package let cores: Int

    /// A machine of those parts.
    package init(processor: String, cores: Int) {
        self.processor = processor
        self.cores = cores
    }

    /// This machine. A processor that gives no name is called by its architecture.
    package static var current: Machine {
        Machine(processor: SystemFiles().processorName, cores: ProcessInfo.processInfo.activeProcessorCount)
    }
}
