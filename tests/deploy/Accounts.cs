using Amazon.Runtime;
using Amazon.S3;
using Assay.Tests.Distributed;
using Npgsql;

namespace Assay.Tests.Deploy;

/// <summary>
/// Who may do what in a deployment, as <c>deploy/postgres</c> and <c>deploy/s3</c> have it: for each a login, a key, and a folder of secrets. Applied to the real servers.
/// </summary>
internal sealed class Accounts : IAsyncDisposable
{
    /// <summary>The services.</summary>
    public static readonly string[] Services = ["ingest", "preprocess", "enrich", "classify", "steward"];

    private static readonly string[] People = ["owner", "operator", "reader"];

    private readonly Deployment deployment;
    private readonly Dictionary<string, S3Server> keys = [];
    private readonly string password = Guid.NewGuid().ToString("N");
    private readonly DirectoryInfo secrets = Directory.CreateTempSubdirectory("assay-accounts-");

    private Accounts(Deployment deployment) => this.deployment = deployment;

    /// <summary>Prepares the servers, runs <c>assay setup</c> as the owner, and grants what is to be granted.</summary>
    public static async Task<Accounts> NewAsync(Deployment deployment)
    {
        var accounts = new Accounts(deployment);
        await accounts.MakeRolesAsync();
        foreach (var who in Services.Concat(People))
            await accounts.MakeLoginAsync(who);
        // The owner has made the buckets, and readers only look into the catalog.
        foreach (var who in Services.Append("operator"))
            await accounts.MakeKeyAsync(who);
        // So that what one member makes another may change.
        await ExecuteAsync(deployment.Database.ConnectionString, $"ALTER ROLE {accounts.LoginOf("owner")} SET role = assay_owner");
        await deployment.SetupAsync(accounts.SettingsOf("owner"));
        await accounts.GrantAsync();
        return accounts;
    }

    /// <summary>Makes the roles and lets them into the database, as an administrator does before the first <c>assay setup</c>.</summary>
    public Task MakeRolesAsync() => ApplyAsync("roles.sql", deployment.Database.ConnectionString);

    /// <summary>Applies the grants, as after every <c>assay setup</c>.</summary>
    public Task GrantAsync() => ApplyAsync("grants.sql", ConnectionOf("owner"));

    /// <summary>The settings in which somebody differs from the others.</summary>
    public (string Name, string Value)[] SettingsOf(string who) =>
    [
        ("ASSAY_CATALOG__USER", LoginOf(who)), ("ASSAY_SECRETS_DIR", Path.Combine(secrets.FullName, who)),
        ("ASSAY_OBJECTS__ACCESSKEY", keys.TryGetValue(who, out var key) ? key.AccessKey : deployment.Settings["ASSAY_OBJECTS__ACCESSKEY"]),
    ];

    /// <summary>A client with somebody's key.</summary>
    public AmazonS3Client ClientOf(string who)
    {
        var key = keys[who];
        return new AmazonS3Client(key.AccessKey, key.SecretKey, new AmazonS3Config
        {
            ServiceURL = key.Endpoint.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            // Ceph refuses without reading what came with the request, and takes it for the next request of that connection.
            CacheHttpClient = false,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <summary>Starts a service with its own account.</summary>
    public Task<ServiceProcess> StartAsync(string service, params (string Name, string Value)[] settings) =>
        deployment.StartAsync(ServiceProcess.ProgramOf(service), [.. SettingsOf(service), .. settings]);

    /// <summary>The database with somebody's login.</summary>
    public string ConnectionOf(string who) =>
        new NpgsqlConnectionStringBuilder(deployment.Database.ConnectionString) { Username = LoginOf(who), Password = password, Pooling = false }.ConnectionString;

    /// <summary>Does something in the catalog as somebody. Returns the code of the server's refusal, or null.</summary>
    public async Task<string?> TryAsync(string who, string statement)
    {
        try
        {
            await ExecuteAsync(ConnectionOf(who), statement);
            return null;
        }
        catch (PostgresException refusal)
        {
            return refusal.SqlState;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        secrets.Delete(recursive: true);
        // Services may still be connected: a role can go while its sessions last.
        await ExecuteAsync(deployment.Database.ConnectionString, string.Concat(Services.Concat(People).Select(who => $"DROP ROLE IF EXISTS {LoginOf(who)};")));
    }

    // Logins are the whole server's, other than tables.
    private string LoginOf(string who) => $"{deployment.Name}_{who}";

    private async Task MakeLoginAsync(string who)
    {
        await ExecuteAsync(deployment.Database.ConnectionString, $"CREATE ROLE {LoginOf(who)} LOGIN PASSWORD '{password}' IN ROLE assay_{who}");
        var folder = secrets.CreateSubdirectory(who).FullName;
        foreach (var file in Directory.EnumerateFiles(deployment.Settings["ASSAY_SECRETS_DIR"]))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(folder, "Catalog__Password"), password);
    }

    private async Task MakeKeyAsync(string who)
    {
        var policy = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "s3", $"{who}.json"));
        keys[who] = await Servers.NewS3UserAsync(LoginOf(who), policy.Replace("arn:aws:s3:::", $"arn:aws:s3:::{deployment.Name}-", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(secrets.FullName, who, "Objects__SecretKey"), keys[who].SecretKey);
    }

    private async Task ApplyAsync(string file, string connection) =>
        await ExecuteAsync(connection, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "postgres", file)));

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words, and the project's files.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
