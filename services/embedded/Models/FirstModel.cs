using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;

namespace Assay.Embedded.Models;

/// <summary>Which model answers before anybody has chosen one: the package that a setting names, else the one that comes with Assay.</summary>
internal static class FirstModel
{
    /// <summary>Registers and activates it, where that is still to be done. Returns what has changed, in words.</summary>
    /// <param name="services">Those of the classify stage.</param>
    /// <param name="by">In whose name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="SettingsException">The package of the setting is wrong, or its version is taken.</exception>
    public static async Task<IReadOnlyList<string>> MakeActiveAsync(IServiceProvider services, string by, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var (registry, options) = (scope.ServiceProvider.GetRequiredService<ModelRegistry>(), services.GetRequiredService<ClassifyOptions>());
        var known = await registry.ListAsync(cancellationToken);
        var package = Load(options);
        List<string> changes = [];
        try
        {
            if (await registry.AddAsync(package, by, cancellationToken) == ModelAddition.Registered)
                changes.Add($"registered model {package.Identity.Name} {package.Identity.Version}");
            // A newer package of a newer Assay answers when somebody says so, not because it is there.
            if (options.Model is not null || known.All(one => one.State.State != ModelState.Active))
            {
                foreach (var change in await registry.MoveAsync(package.Identity.Name, package.Identity.Version, ModelState.Active, by, cancellationToken))
                    changes.Add($"model {change.Name} {change.Version} is {change.State}");
            }
            return changes;
        }
        catch (Exception exception) when (options.Model is not null && IsRefusal(exception))
        {
            throw new SettingsException($"ASSAY_CLASSIFY__MODEL names a package that cannot become active: {exception.Message}", exception);
        }
        // An older Assay came with another one of that version. What answers goes on answering.
        catch (Exception exception) when (IsRefusal(exception) && known.Any(one => one.State.State == ModelState.Active))
        {
            Terminal.WriteError($"Model {package.Identity.Name} {package.Identity.Version} stays as it is registered: the one that comes with this version of Assay is another.");
            return [];
        }
    }

    private static bool IsRefusal(Exception exception) => exception is ModelRegistryException or ModelPackageException or ObjectMissingException;

    private static ModelPackage Load(ClassifyOptions options)
    {
        try
        {
            return ModelPackage.Load(options.Model ?? ModelPackage.BuiltIn);
        }
        catch (ModelPackageException exception) when (options.Model is not null)
        {
            throw new SettingsException($"ASSAY_CLASSIFY__MODEL names a model package that is wrong: {exception.Message}", exception);
        }
    }
}
