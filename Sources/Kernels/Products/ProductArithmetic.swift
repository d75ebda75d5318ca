/// The floating-point operations that a layer's products take for one image; a multiply-add counts as two.
///
/// Only what the mathematics of the algorithm asks for is counted: not the transforms, the activation or the sums around
/// the products, nor the rows and columns that fill up a register tile.
public struct ProductArithmetic: Sendable, Hashable {
    /// Operations of one image in the forward pass.
    public let forward: Int
    /// Operations of one image in the backward pass, for the gradients by the input and by the weights.
    public let backward: Int

    /// No products at all.
    public static let none = ProductArithmetic(multiplyAdds: 0)

    /// A product of so many multiply-adds forward; each of the two gradients takes as many again.
    private init(multiplyAdds: Int) {
        forward = 2 * multiplyAdds
        backward = 4 * multiplyAdds
    }

    /// A convolution's products by the algorithm that `choice` comes to.
    ///
    /// Winograd F(4×4,3×3) (Lavin and Gray, 2016) multiplies 36 numbers for every 4×4 tile of outputs, input channel and
    /// output channel, where the definition, and a product of patches, need 9 · 16 = 144.
    public init(_ problem: ConvolutionProblem, by choice: ConvolutionChoice) {
        guard choice.resolved(for: problem) == .winograd else {
            self.init(multiplyAdds: problem.multiplyAccumulates)
            return
        }
        let tiles = ((problem.outputHeight + 3) / 4) * ((problem.outputWidth + 3) / 4)
        self.init(multiplyAdds: 36 * tiles * problem.inputs * problem.outputs)
    }

    /// A fully connected layer's products.
    public init(denseInputs inputs: Int, outputs: Int) {
        self.init(multiplyAdds: inputs * outputs)
    }
}
