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

/// What one pass of one convolution takes by one algorithm, and how well it agrees with the reference.
public struct ConvolutionTiming: Sendable, Hashable {
    /// The convolution.
    public let convolution: NamedConvolution
    /// The algorithm: never `automatic`.
    public let algorithm: ConvolutionChoice
    /// Forward or backward.
    public let pass: KernelPass
    /// Seconds for one image, the median over the repeats.
    public let secondsPerImage: Double
    /// Floating-point operations that the products of one image carry out.
    public let operations: Int
    /// Floating-point operations that they would take by their definition.
    public let directOperations: Int
    /// The results of the pass against the reference's; empty for the reference itself.
    public let deviations: [ConvolutionDeviation]

    /// A timing of those parts.
    public init(
        _ convolution: NamedConvolution, algorithm: ConvolutionChoice, pass: KernelPass, secondsPerImage: Double,
        operations: Int, directOperations: Int, deviations: [ConvolutionDeviation]
    ) {
        self.convolution = convolution
        self.algorithm = algorithm
        self.pass = pass
        self.secondsPerImage = secondsPerImage
        self.operations = operations
        self.directOperations = directOperations
        self.deviations = deviations
    }
}
