import Failures

/// Why nothing can be projected: a sentence with a next step.
package struct ProjectionError: ExplainedError, Equatable {
    /// Measurements that do not suffice.
    package var exitCode: ExitCode { .internalFailure }
    /// What is wrong and what to do.
    package let description: String

    /// An error with its sentence.
    package init(_ description: String) {
        self.description = description
    }
}
