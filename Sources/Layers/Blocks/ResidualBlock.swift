import Kernels
import Tensors

/// A residual connection: y = branch(x) + shortcut(x), the shortcut being x itself unless it has blocks (He et al., 2016).
///
/// Its blocks become layers between three of its own: the start keeps what arrives, the turn (where the shortcut has
/// blocks) sends it the other way, and the end adds both. So a network stays one list of layers.
public struct ResidualBlock: Block {
    /// Its word in files.
    public static let kind = "residual"
    /// The blocks whose output is added.
    public var branch: BlockList
    /// What the input goes through before it is added; nothing where it is empty.
    public var shortcut: BlockList
    /// Its name, if it has one of its own.
    public var name: String?

    /// A branch beside a shortcut.
    public init(_ branch: BlockList, shortcut: BlockList = [], name: String? = nil) {
        self.branch = branch
        self.shortcut = shortcut
        self.name = name
    }

    /// Reads it; the shortcut may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        branch = try values.decode(BlockList.self, forKey: .branch)
        shortcut = try values.decodeIfPresent(BlockList.self, forKey: .shortcut) ?? []
        name = try values.decodeIfPresent(String.self, forKey: .name)
    }

    /// The extents of an image behind it.
    public func outputShape(of input: ImageShape, classes: Int) throws(ArchitectureError) -> ImageShape {
        let output = try branch.outputShape(of: input, classes: classes)
        let other = try shortcut.outputShape(of: input, classes: classes)
        guard output == other else {
            throw ArchitectureError(
                "A residual block cannot add \(output) from its branch and \(other) from its shortcut; give the shortcut a "
                    + "convolution with the branch's width and stride, as {\"block\": \"convolution\", \"width\": "
                    + "\(output.channels), \"kernel\": 1}.")
        }
        return output
    }

    /// Its own layers with those of its blocks between them.
    public func makeLayers(_ builder: inout LayerBuilder) throws -> [any Layer] {
        let name = try builder.name(self, group: "residuals")
        let input = builder.input
        let start = try ResidualStart(name: "\(name).start", &builder)
        var layers: [any Layer] = [start]
        layers += try builder.makeLayers(branch)
        guard !shortcut.blocks.isEmpty else {
            return layers + [try ResidualEnd(name: "\(name).sum", start, nil, &builder)]
        }
        let turn = try ResidualTurn(name: "\(name).shortcut", start, &builder)
        layers.append(turn)
        builder.input = input
        layers += try builder.makeLayers(shortcut)
        return layers + [try ResidualEnd(name: "\(name).sum", start, turn, &builder)]
    }
}

/// Where the ways part: keeps what arrives, and adds the gradients of both ways.
private final class ResidualStart: Layer {
    let name: String
    let kind = "Start of residual"
    let outputShape: Shape
    /// What the shortcut begins with.
    private(set) var kept: Activations?
    /// The gradient that comes back by the shortcut.
    let shortcutGradient: Tensor

    init(name: String, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        outputShape = builder.input.shape
        shortcutGradient = try builder.output(outputShape)
    }

    var inputMoments: MomentsUse { .handedOn }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        kept = input
        return input
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        context.forEachShare { images in
            let gradient = outputGradient.completed(images, shape: outputShape)
            Elementwise.add(
                shortcutGradient.pointer + images.lowerBound * outputShape.count, to: gradient,
                count: images.count * outputShape.count)
        }
        return outputGradient.finished
    }
}

/// Where the branch has ended and the shortcut begins.
private final class ResidualTurn: Layer {
    let name: String
    let kind = "Shortcut of residual"
    let outputShape: Shape
    private let start: ResidualStart
    /// What the branch gave.
    private(set) var branchOutput: Tensor?
    /// The gradient by it.
    let branchGradient: Tensor

    init(name: String, _ start: ResidualStart, _ builder: inout LayerBuilder) throws(ResourceError) {
        self.name = name
        self.start = start
        outputShape = start.outputShape
        branchGradient = try builder.output(builder.input.shape)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        guard let kept = start.kept else { preconditionFailure("a shortcut follows its start") }
        branchOutput = input.tensor
        return kept
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        context.forEachShare { images in
            let gradient = outputGradient.completed(images, shape: outputShape)
            (start.shortcutGradient.pointer + images.lowerBound * outputShape.count).update(
                from: gradient, count: images.count * outputShape.count)
        }
        return Gradient(branchGradient.first(context.images))
    }
}

/// Where both ways meet: y = branch + shortcut; both get the gradient.
private final class ResidualEnd: Layer {
    let name: String
    let kind = "Sum of residual"
    let outputShape: Shape
    private let start: ResidualStart
    private let turn: ResidualTurn?
    private let output: Tensor

    init(name: String, _ start: ResidualStart, _ turn: ResidualTurn?, _ builder: inout LayerBuilder)
        throws(ResourceError)
    {
        self.name = name
        self.start = start
        self.turn = turn
        outputShape = builder.input.shape
        output = try builder.output(outputShape)
    }

    func infer(_ input: Activations, _ context: InferenceContext) -> Activations {
        add(input.tensor, context) { _ in }
    }

    func forward(_ input: Activations, _ context: TrainingContext) -> Activations {
        context.takingMoments(of: output) { add(input.tensor, context.inference, finished: $0) }
    }

    private func add(
        _ input: Tensor, _ context: InferenceContext, finished: (_ images: Range<Int>) -> Void
    ) -> Activations {
        guard let other = turn?.branchOutput ?? start.kept?.tensor else {
            preconditionFailure("the end of a residual follows its start")
        }
        let size = outputShape.count
        context.forEachShare { images in
            for image in images {
                Elementwise.sum(
                    input.pointer + image * size, other.pointer + image * size, into: output.pointer + image * size,
                    count: size)
                finished(image..<image + 1)
            }
        }
        return Activations(output.first(context.images))
    }

    func backward(_ outputGradient: Gradient, _ context: TrainingContext) -> Gradient {
        // The way that is gone back later finds its gradient where it begins to be needed.
        let kept = turn?.branchGradient ?? start.shortcutGradient
        context.forEachShare { images in
            let gradient = outputGradient.completed(images, shape: outputShape)
            (kept.pointer + images.lowerBound * outputShape.count).update(
                from: gradient, count: images.count * outputShape.count)
        }
        return outputGradient.finished
    }
}
