/// One way of computing a convolution and its two gradients.
///
/// All of them obey the rule of rank independence: an image's output and input gradient depend on that image alone, and
/// the weight gradient of a run of images depends on that run alone, in one fixed order of summation.
///
/// Layouts: images NHWC, weights `[kernel, kernel, inputs, outputs]`, all `Float`.
public protocol ConvolutionAlgorithm: AnyObject {
    /// The geometry it was made for.
    var problem: ConvolutionProblem { get }

    /// Takes new weights; called once a step, before `forward`.
    func prepare(weights: UnsafePointer<Float>)

    /// `output = conv(activation(input)) + bias` for `images` images.
    func forward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>)

    /// Both gradients for `images` images, which form one run of the summation order.
    ///
    /// - Parameters:
    ///   - inputGradient: receives the gradient by the *activated* input (before the ReLU mask), overwritten.
    ///   - weightGradient: receives the weight gradient summed over the images; if `accumulate`, the finished sum is added
    ///     to what is there in one rounding.
    func backward(
        images: Int, input: UnsafePointer<Float>, activation: InputActivation, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool)
}
