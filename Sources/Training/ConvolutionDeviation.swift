import Kernels

/// How far one result of a convolution lies from the reference's.
public struct ConvolutionDeviation: Sendable, Hashable {
    /// What was compared.
    public let result: ConvolutionResult
    /// ‖actual − expected‖ / ‖expected‖.
    public let error: Double
    /// The largest error that is accepted.
    public let limit: Double

    /// A deviation of those parts.
    public init(_ result: ConvolutionResult, error: Double, limit: Double) {
        self.result = result
        self.error = error
        self.limit = limit
    }

    /// Whether the error is a number and no larger than the limit.
    public var isAccepted: Bool { error <= limit }
}
