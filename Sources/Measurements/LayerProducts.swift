import Kernels
import Layers
import Tensors

/// What a layer's products are and how much arithmetic they take, read off its weights and shapes.
package struct LayerProducts {
    /// The geometry in words; the layer's kind where there are no products.
    package let work: String
    /// How they are computed; nil where there are none.
    package let algorithm: String?
    /// The convolution, if it is one.
    package let problem: ConvolutionProblem?
    /// What is carried out for one image.
    package let arithmetic: ProductArithmetic
    /// What the definition would take for one image.
    package let direct: ProductArithmetic

    /// The products of a layer whose input images have `inputShape`.
    init(_ layer: any Layer, inputShape: Shape, convolution: ConvolutionChoice) {
        guard let weight = layer.parameters.first(where: { $0.role == .weight }) else {
            work = layer.kind
            algorithm = nil
            problem = nil
            arithmetic = .none
            direct = .none
            return
        }
        let extents = weight.shape
        guard weight.layout == .convolution else {
            work = "\(extents[1])→\(extents[0])"
            algorithm = "dense"
            problem = nil
            arithmetic = ProductArithmetic(denseInputs: extents[1], outputs: extents[0])
            direct = arithmetic
            return
        }
        // The side shrinks by the stride, rounded up.
        let outputSide = layer.outputShape[0]
        let problem = ConvolutionProblem(
            height: inputShape[0], width: inputShape[1], inputs: extents[2], outputs: extents[3], kernel: extents[0],
            stride: (inputShape[0] + outputSide - 1) / outputSide)
        precondition(problem.outputHeight == outputSide, "\(layer.name) has another geometry than \(problem)")
        work = problem.description
        algorithm = convolution.resolved(for: problem).rawValue
        self.problem = problem
        arithmetic = ProductArithmetic(problem, by: convolution)
        direct = ProductArithmetic(problem, by: .reference)
    }

    /// The products of every layer of a network.
    package static func all(of network: Network, convolution: ConvolutionChoice) -> [LayerProducts] {
        let architecture = network.architecture
        var shape = architecture.image.shape
        return network.layers.map { layer in
            defer { shape = layer.outputShape }
            return LayerProducts(layer, inputShape: shape, convolution: convolution)
        }
    }
}
