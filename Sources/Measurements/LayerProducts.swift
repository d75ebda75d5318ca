import Kernels
import Layers
import Tensors

/// What a layer's products are and how much arithmetic they take, as the layer says.
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

    /// The products of a layer.
    init(_ layer: any Layer, convolution: ConvolutionChoice) {
        switch layer.product {
        case .convolution(let problem):
            work = problem.description
            algorithm = convolution.resolved(for: problem).rawValue
            self.problem = problem
            arithmetic = ProductArithmetic(problem, by: convolution)
            direct = ProductArithmetic(problem, by: .reference)
        case .dense(let inputs, let outputs):
            work = "\(inputs)→\(outputs)"
            algorithm = "dense"
            problem = nil
            arithmetic = ProductArithmetic(denseInputs: inputs, outputs: outputs)
            direct = arithmetic
        case nil:
            work = layer.kind
            algorithm = nil
            problem = nil
            arithmetic = .none
            direct = .none
        }
    }

    /// The products of every layer of a network.
    package static func all(of network: Network, convolution: ConvolutionChoice) -> [LayerProducts] {
        network.layers.map { LayerProducts($0, convolution: convolution) }
    }
}
