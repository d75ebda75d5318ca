import Tensors

/// One way of computing a convolution and its two gradients.
///
/// All of them obey the rule of rank independence: an image's output and input gradient depend on that image alone, and
/// the weight gradient of a run of images depends on that run alone, in one fixed order of summation.
///
/// An algorithm has no state of its own. The weights are transformed into an `operand` that all workers share just
/// before they are used, so that one buffer serves every layer and stays in cache; `scratch` belongs to one worker.
///
/// Layouts: images NHWC, weights `[kernel, kernel, inputs, outputs]`, all `Float`.
public protocol ConvolutionAlgorithm: AnyObject {
    /// Whether it can do a problem.
    static func accepts(_ problem: ConvolutionProblem) -> Bool
    /// An algorithm for a problem that it accepts.
    init(_ problem: ConvolutionProblem)

    /// The geometry it was made for.
    var problem: ConvolutionProblem { get }
    /// The floats of the larger operand.
    var operandCount: Int { get }
    /// The floats of scratch memory a worker needs.
    var scratchCount: Int { get }

    /// Makes this worker's share of the operand of `forward`.
    func prepareForward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare)

    /// Makes this worker's share of the operand of `backward`.
    func prepareBackward(weights: UnsafePointer<Float>, operand: Workspace, share: WorkShare)

    /// `output = conv(activation(input)) + bias` for `images` images.
    ///
    /// - Parameter finished: called with each run of images whose output is complete, while it is still in cache.
    func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        bias: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: Workspace,
        finished: (Range<Int>) -> Void)

    /// Both gradients for `images` images, which form one run of the summation order.
    ///
    /// - Parameters:
    ///   - inputGradient: receives the gradient by the *activated* input (before the ReLU mask), overwritten.
    ///   - weightGradient: receives the weight gradient summed over the images; if `accumulate`, the finished sum is added
    ///     to what is there in one rounding.
    ///   - biasSums: the sum of the output gradient over all pixels is added to these, one per output channel.
    ///   - finished: called with each run of images whose input gradient is complete, while it is still in cache.
    func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, operand: Workspace,
        outputGradient: OutputGradient, inputGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, biasSums: UnsafeMutablePointer<Double>,
        scratch: Workspace, finished: (Range<Int>) -> Void)
}

extension ConvolutionAlgorithm {
    /// Any problem, unless an algorithm says otherwise.
    public static func accepts(_ problem: ConvolutionProblem) -> Bool { true }
}
