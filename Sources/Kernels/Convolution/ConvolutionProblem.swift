/// The geometry of a square convolution on NHWC images.
public struct ConvolutionProblem: Hashable, Sendable, CustomStringConvertible {
    /// The height of an input image.
    public let height: Int
    /// The width of an input image.
    public let width: Int
    /// The number of input channels.
    public let inputs: Int
    /// The number of output channels.
    public let outputs: Int
    /// The side of the filter.
    public let kernel: Int
    /// The step between output positions.
    public let stride: Int
    /// The zeros added on every side.
    public let padding: Int

    /// A problem of that geometry; the padding defaults to `kernel / 2` ("same" for stride 1 and odd kernels).
    public init(
        height: Int, width: Int, inputs: Int, outputs: Int, kernel: Int = 3, stride: Int = 1, padding: Int? = nil
    ) {
        precondition(height > 0 && width > 0 && inputs > 0 && outputs > 0 && kernel > 0 && stride > 0)
        self.height = height
        self.width = width
        self.inputs = inputs
        self.outputs = outputs
        self.kernel = kernel
        self.stride = stride
        self.padding = padding ?? kernel / 2
    }

    /// The height of an output image.
    public var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
    /// The width of an output image.
    public var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }
    /// Elements of one input image.
    public var inputCount: Int { height * width * inputs }
    /// Elements of one output image.
    public var outputCount: Int { outputHeight * outputWidth * outputs }
    /// Elements of the weights, laid out `[kernel, kernel, inputs, outputs]`.
    public var weightCount: Int { kernel * kernel * inputs * outputs }
    /// Multiply-accumulates of one image by the direct algorithm.
    public var multiplyAccumulates: Int { outputHeight * outputWidth * weightCount }

    /// For example `32×32×64→64 k3 s1`.
    public var description: String { "\(height)×\(width)×\(inputs)→\(outputs) k\(kernel) s\(stride)" }
}
