using NetVips;

namespace Assay.Preprocess.Steps;

/// <summary>One step from the original's pixels to silver's. Returns its argument when there is nothing to do.</summary>
internal delegate Image PixelStep(Image image, Recipe recipe);
