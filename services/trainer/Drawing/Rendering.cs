using Assay.Trainer.Charts;
using Assay.Trainer.Diagrams;
using Assay.Trainer.Documents;
using Assay.Trainer.Drawings;
using Assay.Trainer.Screens;

namespace Assay.Trainer.Drawing;

/// <summary>One sort of picture that this program can draw.</summary>
/// <param name="Kind">The label: chart, diagram, document, drawing or screenshot. Nothing that is drawn is a photo.</param>
/// <param name="Name">What exactly, for instance <c>candles</c>.</param>
/// <param name="Draw">Draws one; another seed, another picture.</param>
internal sealed record Rendering(string Kind, string Name, Func<Chance, Album, Svg> Draw)
{
    public static IReadOnlyList<Rendering> All { get; } =
    [
        .. ChartPages.All.Select(chart => new Rendering("chart", chart.Name, (chance, _) => ChartPages.Single(chart.Draw, chance))),
        new("chart", "several charts", (chance, _) => ChartPages.Several(chance)),
        new("diagram", "flow", (chance, _) => Graphs.Flow(chance)),
        new("diagram", "architecture", (chance, _) => Graphs.Architecture(chance)),
        new("diagram", "tree", (chance, _) => Graphs.Tree(chance)),
        new("diagram", "ring", (chance, _) => Graphs.Ring(chance)),
        new("diagram", "sequence", (chance, _) => Models.Sequence(chance)),
        new("diagram", "tables", (chance, _) => Models.Tables(chance)),
        new("diagram", "states", (chance, _) => Models.States(chance)),
        new("diagram", "neural network", (chance, _) => Models.NeuralNetwork(chance)),
        new("diagram", "layers", (chance, _) => Models.Layers(chance)),
        new("diagram", "sets", (chance, _) => Figures.Sets(chance)),
        new("diagram", "pyramid", (chance, _) => Figures.Pyramid(chance)),
        new("diagram", "geometry", (chance, _) => Figures.Geometry(chance)),
        new("diagram", "circuit", (chance, _) => Figures.Circuit(chance)),
        new("diagram", "queue", (chance, _) => Figures.Queue(chance)),
        new("document", "article", Pages.Article),
        new("document", "columns", Pages.Columns),
        new("document", "letter", Pages.Letter),
        new("document", "typescript", Pages.Typescript),
        new("document", "handwriting", Pages.Handwriting),
        new("document", "form", Forms.Form),
        new("document", "invoice", Forms.Invoice),
        new("document", "receipt", Forms.Receipt),
        new("document", "table", Forms.Table),
        new("document", "certificate", Forms.Certificate),
        new("drawing", "face", (chance, _) => Cartoons.Face(chance)),
        new("drawing", "animal", (chance, _) => Cartoons.Animal(chance)),
        new("drawing", "things", (chance, _) => Cartoons.Things(chance)),
        new("drawing", "figure", (chance, _) => Cartoons.Figure(chance)),
        new("drawing", "landscape", (chance, _) => Scenes.Landscape(chance)),
        new("drawing", "town", (chance, _) => Scenes.Town(chance)),
        new("drawing", "pixels", (chance, _) => Scenes.Pixels(chance)),
        new("drawing", "painting", (chance, _) => Scenes.Painting(chance)),
        new("drawing", "sketch", (chance, _) => Scenes.Sketch(chance)),
        new("drawing", "ornament", (chance, _) => Scenes.Ornament(chance)),
        new("screenshot", "file manager", Desktops.FileManager),
        new("screenshot", "editor", Desktops.Editor),
        new("screenshot", "terminal", Desktops.Terminal),
        new("screenshot", "spreadsheet", Desktops.Spreadsheet),
        new("screenshot", "dialogue", Desktops.Dialogue),
        new("screenshot", "dashboard", Desktops.Dashboard),
        new("screenshot", "viewer", Desktops.Viewer),
        new("screenshot", "home page", WebPages.Home),
        new("screenshot", "web article", WebPages.Article),
        new("screenshot", "mail", WebPages.Mail),
        new("screenshot", "login", WebPages.Login),
        new("screenshot", "administration", WebPages.Administration),
        new("screenshot", "phone list", Phones.List),
        new("screenshot", "phone chat", Phones.Chat),
        new("screenshot", "phone settings", Phones.Settings),
        new("screenshot", "phone gallery", Phones.Gallery),
    ];
}
