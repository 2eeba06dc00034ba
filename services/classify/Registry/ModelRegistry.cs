using System.Security.Cryptography;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Classify.Registry;

/// <summary>
/// The models that there are and what each is for: packages in the <c>models</c> bucket, facts and transitions in the catalog. Nothing in it is ever changed or removed.
/// </summary>
public sealed class ModelRegistry(CatalogContext catalog, IObjectStore objects, ObjectsOptions layers, TimeProvider clock)
{
    private static readonly string[] Files = [ModelPackage.ManifestFile, ModelPackage.ModelFile];

    /// <summary>All versions of all models with their states; those of one name in the order in which they were added.</summary>
    public async Task<IReadOnlyList<(ModelFact Model, ModelState State)>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await catalog.Models.AsNoTracking()
            .Join(catalog.ModelStates, model => new { model.Name, model.Version }, state => new { state.Name, state.Version }, (model, state) => new { model, state })
            .OrderBy(row => row.model.Name).ThenBy(row => row.model.RegisteredAt).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.model, row.state))];
    }

    /// <summary>A version with its state.</summary>
    /// <exception cref="ModelRegistryException">There is no such version.</exception>
    public async Task<ModelState> FindStateAsync(string name, string version, CancellationToken cancellationToken) =>
        await catalog.ModelStates.AsNoTracking().FirstOrDefaultAsync(state => state.Name == name && state.Version == version, cancellationToken)
            ?? throw new ModelRegistryException($"There is no model {name} {version}: 'assay models list' shows what there is.");

    /// <summary>Keeps a verified package, as <c>registered</c>. Where it is there already, an object of it that was lost or damaged is put back.</summary>
    /// <exception cref="ModelRegistryException">Another package has its name and version.</exception>
    public async Task<ModelAddition> AddAsync(ModelPackage package, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(package);
        while (true)
        {
            var known = await FindAsync(package.Identity.Name, package.Identity.Version, cancellationToken);
            if (known is not null && known.PackageSha256 != package.Sha256)
                throw new ModelRegistryException($"{package.Identity.Name} {package.Identity.Version} is registered already with another content: what it has answered must keep its meaning. Give the package a new version.");
            // The objects first: a fact never speaks of what is not there. Their key holds the content, so that of two packages with one version neither overwrites the other.
            var written = 0;
            foreach (var file in Files)
                written += await WriteUnlessThereAsync(package, file, cancellationToken) ? 1 : 0;
            if (known is not null)
                return written > 0 ? ModelAddition.Restored : ModelAddition.Known;
            var number = await NextNumberAsync(package.Identity.Name, cancellationToken);
            if (await catalog.AppendAsync([ToFact(package), Transition(package.Identity.Name, number, package.Identity.Version, ModelState.Registered, by)], cancellationToken))
                return ModelAddition.Registered;
        }
    }

    /// <summary>
    /// Gives a version a state; the version that it takes the place of retires. Returns what changed: nothing when it is in that state already. What is to answer or to watch is
    /// loaded once before: no worker shall be told to take what it cannot load.
    /// </summary>
    /// <exception cref="ModelRegistryException">There is no such version, or no model would be active any more.</exception>
    /// <exception cref="ModelPackageException">What is kept is not what was added.</exception>
    /// <exception cref="ObjectMissingException">One of its objects is gone.</exception>
    public async Task<IReadOnlyList<ModelTransitionFact>> MoveAsync(string name, string version, string state, string by, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Before the states: whoever changes them meanwhile takes this number, and what was read is read again.
            var number = await NextNumberAsync(name, cancellationToken);
            var states = await catalog.ModelStates.AsNoTracking().ToListAsync(cancellationToken);
            var now = await FindStateAsync(name, version, cancellationToken);
            if (now.State == state)
                return [];
            if (now.State == ModelState.Active && states.Count(one => one.State == ModelState.Active) == 1)
                throw new ModelRegistryException($"{name} {version} is the only active model: without it images would wait. Activate another one first.");
            if (state is ModelState.Active or ModelState.Shadow)
                (await LoadAsync(now, cancellationToken)).Dispose();
            List<ModelTransitionFact> changes = [];
            if (state == ModelState.Active && states.FirstOrDefault(one => one.Name == name && one.State == ModelState.Active) is { } before)
                changes.Add(Transition(name, number++, before.Version, ModelState.Retired, by));
            changes.Add(Transition(name, number, version, state, by));
            if (!await catalog.AppendAsync(changes, cancellationToken))
                continue;
            // Not to be stopped here: it is recorded already.
            if (now.State == ModelState.Active && !await IsAnyActiveAsync())
                await TakeBackAsync(name, version, by);
            return changes;
        }
    }

    /// <summary>Brings a package into a folder of its own, verifies it again and opens its model; nothing of the folder is left.</summary>
    /// <exception cref="ModelPackageException">What is kept is not what was added.</exception>
    /// <exception cref="ObjectMissingException">One of its objects is gone.</exception>
    public async Task<LoadedModel> LoadAsync(ModelState wanted, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("assay-model-");
        try
        {
            await ReadAsync(wanted, folder.FullName, cancellationToken);
            var classifier = Named(wanted, () => ImageClassifier.Open(folder.FullName));
            try
            {
                Require(wanted, classifier.Package);
                return new LoadedModel(classifier);
            }
            catch (ModelPackageException)
            {
                classifier.Dispose();
                throw;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Brings a package into a folder and verifies it again.</summary>
    /// <exception cref="ModelPackageException">What is kept is not what was added.</exception>
    /// <exception cref="ObjectMissingException">One of its objects is gone.</exception>
    public async Task<ModelPackage> FetchAsync(ModelState wanted, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await ReadAsync(wanted, folder, cancellationToken);
        var package = Named(wanted, () => ModelPackage.Load(folder));
        Require(wanted, package);
        return package;
    }

    // The folder is a temporary one, and means nothing to whoever reads what is wrong.
    private T Named<T>(ModelState wanted, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ModelPackageException fault)
        {
            throw new ModelPackageException(PlaceOf(wanted), fault.Fault, fault);
        }
    }

    private string PlaceOf(ModelState model) => $"{model.Name} {model.Version} in {layers.BucketOf(Layer.Models)}";

    private async Task ReadAsync(ModelState wanted, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Files)
        {
            await objects.ReadAsync(layers.BucketOf(Layer.Models), KeyOf(wanted.Name, wanted.Version, wanted.PackageSha256, file), version: null, async (stream, token) =>
            {
                await using var copy = File.Create(Path.Combine(folder, file));
                await stream.CopyToAsync(copy, token);
                return true;
            }, cancellationToken);
        }
    }

    private void Require(ModelState wanted, ModelPackage package)
    {
        if (package.Sha256 != wanted.PackageSha256)
            throw new ModelPackageException(PlaceOf(wanted), "it is not the package that was added: its model.json has been changed");
    }

    // Names are numbered apart: of two whose last versions are retired at once neither sees the other go, and both see afterwards that nothing is left.
    private async Task TakeBackAsync(string name, string version, string by)
    {
        while (true)
        {
            // Before the look, as in MoveAsync: whoever activates a version of this name meanwhile takes the number.
            var number = await NextNumberAsync(name, CancellationToken.None);
            if (await IsAnyActiveAsync())
                return;
            if (await catalog.AppendAsync([Transition(name, number, version, ModelState.Active, by)], CancellationToken.None))
                throw new ModelRegistryException($"{name} {version} stays active: the other active models were retired at the same time, and without it images would wait. Activate another one first.");
        }
    }

    private Task<bool> IsAnyActiveAsync() => catalog.ModelStates.AnyAsync(one => one.State == ModelState.Active, CancellationToken.None);

    private async Task<bool> WriteUnlessThereAsync(ModelPackage package, string file, CancellationToken cancellationToken)
    {
        var (bucket, key) = (layers.BucketOf(Layer.Models), KeyOf(package.Identity.Name, package.Identity.Version, package.Sha256, file));
        await using var stream = File.OpenRead(Path.Combine(package.Folder, file));
        if (await objects.FindAsync(bucket, key, cancellationToken) is { } there && there.Bytes == stream.Length)
        {
            var wanted = await SHA256.HashDataAsync(stream, cancellationToken);
            var kept = await objects.ReadAsync(bucket, key, version: null, async (content, token) => await SHA256.HashDataAsync(content, token), cancellationToken);
            if (wanted.AsSpan().SequenceEqual(kept))
                return false;
            stream.Position = 0;
        }
        await objects.WriteAsync(bucket, key, stream, stream.Length, "application/octet-stream", null, cancellationToken);
        return true;
    }

    private Task<ModelFact?> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        catalog.Models.AsNoTracking().FirstOrDefaultAsync(model => model.Name == name && model.Version == version, cancellationToken);

    private async Task<int> NextNumberAsync(string name, CancellationToken cancellationToken) =>
        1 + (await catalog.ModelTransitions.Where(one => one.Name == name).MaxAsync(one => (int?)one.Number, cancellationToken) ?? 0);

    private static string KeyOf(string name, string version, string packageSha256, string file) => $"{name}/{version}/{packageSha256}/{file}";

    private ModelTransitionFact Transition(string name, int number, string version, string state, string by) =>
        new() { Name = name, Number = number, Version = version, State = state, ChangedBy = by, ChangedAt = clock.GetCatalogTime() };

    private ModelFact ToFact(ModelPackage package) => new()
    {
        Name = package.Identity.Name,
        Version = package.Identity.Version,
        PackageSha256 = package.Sha256,
        Sha256 = package.Identity.Sha256,
        PreprocessingHash = package.PreprocessingHash,
        LabelMapHash = package.LabelMapHash,
        Question = package.Manifest.Question,
        Licence = package.Manifest.Licence,
        Labels = [.. package.Manifest.Labels],
        Bytes = new FileInfo(package.ModelPath).Length,
        RegisteredAt = clock.GetCatalogTime(),
    };
}
