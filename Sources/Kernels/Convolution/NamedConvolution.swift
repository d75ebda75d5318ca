/// The convolutions that every algorithm is tested and measured on, one table for both.
public struct NamedConvolution: Sendable, Hashable, CustomStringConvertible {
    /// What it is, in a word or two.
    public let name: String
    /// Its geometry.
    public let problem: ConvolutionProblem

    /// The name and the geometry.
    public var description: String { "\(name) (\(problem))" }

    /// The convolutions of the article's nine units; equal ones stand once.
    public static let article = [
        NamedConvolution("unit 0", side: 32, 3, 64),
        NamedConvolution("units 1, 2", side: 32, 64, 64),
        NamedConvolution("unit 3", side: 16, 64, 128),
        NamedConvolution("units 4, 5", side: 16, 128, 128),
        NamedConvolution("unit 6", side: 8, 128, 256),
        NamedConvolution("units 7, 8", side: 8, 256, 256),
    ]

    /// Geometries at the edges of what the algorithms can do.
    public static let edges = [
        // As small and as lopsided as Winograd takes them.
        NamedConvolution("one tile", side: 4, 80, 16),
        NamedConvolution("two by three tiles", ConvolutionProblem(height: 8, width: 12, inputs: 16, outputs: 48)),
        // What it leaves to the product of patches.
        NamedConvolution("half a vector more", ConvolutionProblem(height: 8, width: 12, inputs: 8, outputs: 24)),
        NamedConvolution("few channels", side: 4, 24, 8),
        NamedConvolution("broken tiles", ConvolutionProblem(height: 6, width: 10, inputs: 16, outputs: 32)),
        NamedConvolution("broken vectors", side: 8, 12, 20),
        NamedConvolution("odd throughout", ConvolutionProblem(height: 7, width: 5, inputs: 5, outputs: 3)),
        NamedConvolution("stride 2", side: 16, 16, 16, stride: 2),
        NamedConvolution("stride 2, odd side", side: 9, 8, 16, stride: 2),
        NamedConvolution("kernel 1", side: 8, 32, 20, kernel: 1),
        NamedConvolution("kernel 5", side: 9, 4, 10, kernel: 5),
    ]

    /// The whole table.
    public static let all = article + edges

    private init(_ name: String, _ problem: ConvolutionProblem) {
        self.name = name
        self.problem = problem
    }

    private init(_ name: String, side: Int, _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1) {
        self.init(
            name,
            ConvolutionProblem(
                height: side, width: side, inputs: inputs, outputs: outputs, kernel: kernel, stride: stride))
    }
}
