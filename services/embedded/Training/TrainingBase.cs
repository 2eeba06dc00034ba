using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Embedded.Models;
using Assay.Platform.Catalog;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Training;

/// <summary>The model whose last layer is replaced. Its package is usable until this is disposed.</summary>
internal sealed class TrainingBase : IDisposable
{
    private readonly PackageSource source = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-base-");

    /// <summary>Opens what was named; otherwise the version of this name that answers, or else the model that comes with Assay.</summary>
    /// <exception cref="ModelPackageException">It is not to be had, or wrong.</exception>
    /// <exception cref="ObjectMissingException">It is registered, and one of its objects is gone.</exception>
    public async Task<ModelPackage> OpenAsync(Installation place, string name, string? package, CancellationToken cancellationToken)
    {
        if (package is not null)
            return await source.OpenAsync(package, sha256: null, cancellationToken);
        var active = await place.Catalog.ModelStates.AsNoTracking().FirstOrDefaultAsync(state => state.Name == name && state.State == ModelState.Active, cancellationToken);
        return active is null ? ModelPackage.Load(ModelPackage.BuiltIn) : await place.Services.GetRequiredService<ModelRegistry>().FetchAsync(active, folder.FullName, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        folder.Delete(recursive: true);
    }
}
