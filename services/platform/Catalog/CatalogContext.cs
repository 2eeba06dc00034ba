using Assay.Platform.Catalog.Facts;
using Microsoft.EntityFrameworkCore;

namespace Assay.Platform.Catalog;

/// <summary>
/// The catalog: immutable facts, and views over them. One subclass per database, each with its own migrations.
/// </summary>
public abstract class CatalogContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>What was taken in.</summary>
    public DbSet<ImageFact> Images => Set<ImageFact>();

    /// <summary>What was harmonised.</summary>
    public DbSet<CleansedFact> Cleansed => Set<CleansedFact>();

    /// <summary>What was enriched.</summary>
    public DbSet<EnrichedFact> Enrichments => Set<EnrichedFact>();

    /// <summary>What the quality rules found.</summary>
    public DbSet<QualityFact> QualityChecks => Set<QualityFact>();

    /// <summary>What models answered.</summary>
    public DbSet<PredictionFact> Predictions => Set<PredictionFact>();

    /// <summary>What was refused, and why.</summary>
    public DbSet<RejectionFact> Rejections => Set<RejectionFact>();

    /// <summary>Which images made a process die that had nothing else to do.</summary>
    public DbSet<AttemptFact> Attempts => Set<AttemptFact>();

    /// <summary>Messages that a stage could not finish.</summary>
    public DbSet<FailureFact> Failures => Set<FailureFact>();

    /// <summary>Which of them were given back to their queues.</summary>
    public DbSet<ReplayFact> Replays => Set<ReplayFact>();

    /// <summary>Overdue images that were announced again.</summary>
    public DbSet<RedriveFact> Redrives => Set<RedriveFact>();

    /// <summary>What people answered.</summary>
    public DbSet<VerdictFact> Verdicts => Set<VerdictFact>();

    /// <summary>Which versions of which models there are.</summary>
    public DbSet<ModelFact> Models => Set<ModelFact>();

    /// <summary>Which of them was given which state, when and by whom.</summary>
    public DbSet<ModelTransitionFact> ModelTransitions => Set<ModelTransitionFact>();

    /// <summary>View: the versions with their present states.</summary>
    public DbSet<ModelState> ModelStates => Set<ModelState>();

    /// <summary>View: what is believed now.</summary>
    public DbSet<BelievedLabel> CurrentLabels => Set<BelievedLabel>();

    /// <summary>View: what a person should look at.</summary>
    public DbSet<DoubtfulLabel> NeedsReview => Set<DoubtfulLabel>();

    /// <summary>View: how far each image came.</summary>
    public DbSet<ImageStatus> ImageStatus => Set<ImageStatus>();

    /// <summary>View: what came in and what became of it, per source and day.</summary>
    public DbSet<LedgerLine> Ledger => Set<LedgerLine>();

    /// <summary>View: why the rejected images of the ledger were rejected.</summary>
    public DbSet<LedgerRejections> LedgerRejections => Set<LedgerRejections>();

    /// <summary>View: failed messages that wait.</summary>
    public DbSet<OpenFailure> OpenFailures => Set<OpenFailure>();

    /// <summary>View: the same, counted by what they have in common.</summary>
    public DbSet<FailureGroup> FailureGroups => Set<FailureGroup>();

    /// <summary>View: every step of every image.</summary>
    public DbSet<LineageStep> Lineage => Set<LineageStep>();

    /// <summary>
    /// Adds facts in one transaction. Returns false, and leaves everything as it was, when they are there already:
    /// somebody else handled the same message first, which is as good.
    /// </summary>
    /// <exception cref="DbUpdateException">The database refused for any other reason.</exception>
    public async Task<bool> AppendAsync(IEnumerable<object> facts, CancellationToken cancellationToken)
    {
        AddRange(facts);
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (IsDuplicate(exception))
        {
            return false;
        }
        finally
        {
            ChangeTracker.Clear();
        }
    }

    /// <summary>SQL for the number of bits in which two 64-bit numbers differ.</summary>
    protected internal abstract string DistanceSql(string one, string other);

    /// <summary>Whether the database refused a row because its key is taken.</summary>
    protected abstract bool IsDuplicate(DbUpdateException exception);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ImageFact>(image =>
        {
            image.ToTable("images").HasKey(x => x.Id);
            image.HasIndex(x => new { x.Source, x.RawPath, x.Version }).IsUnique();
            image.HasIndex(x => x.RawName);
            image.HasIndex(x => x.IngestedAt);
            // Finds the first of many images with the same bytes in one step.
            image.HasIndex(x => new { x.Sha256, x.IngestedAt, x.Id });
        });
        modelBuilder.Entity<CleansedFact>(cleansed =>
        {
            cleansed.ToTable("cleansed").HasKey(x => new { x.ImageId, x.Recipe });
            cleansed.HasIndex(x => x.PixelSha256);
        });
        modelBuilder.Entity<EnrichedFact>(enriched =>
        {
            enriched.ToTable("enrichments").HasKey(x => new { x.ImageId, x.Recipe, x.Enricher });
            // Equal hashes; those that differ in a few bits are found by the indexes of NearDuplicates.
            enriched.HasIndex(x => new { x.PerceptualHash, x.ImageId });
            enriched.Property(x => x.CapturedAt).HasConversion<CameraTimeConverter>();
        });
        modelBuilder.Entity<QualityFact>().ToTable("quality_checks").HasKey(x => new { x.ImageId, x.Recipe, x.Enricher, x.Rule, x.RuleVersion });
        modelBuilder.Entity<PredictionFact>(prediction =>
        {
            prediction.ToTable("predictions").HasKey(x => x.Id);
            prediction.HasIndex(x => new { x.ImageId, x.Role, x.PredictedAt });
        });
        modelBuilder.Entity<RejectionFact>().ToTable("rejections").HasKey(x => new { x.ImageId, x.Stage });
        modelBuilder.Entity<AttemptFact>().ToTable("attempts").HasKey(x => new { x.ImageId, x.Stage, x.Number });
        modelBuilder.Entity<FailureFact>(failure =>
        {
            failure.ToTable("failures").HasKey(x => x.Id);
            failure.HasIndex(x => new { x.Series, x.Attempt }).IsUnique();
            failure.HasIndex(x => x.ImageId);
        });
        modelBuilder.Entity<ReplayFact>().ToTable("replays").HasKey(x => x.FailureId);
        modelBuilder.Entity<RedriveFact>().ToTable("redrives").HasKey(x => new { x.ImageId, x.Number });
        modelBuilder.Entity<VerdictFact>(verdict =>
        {
            verdict.ToTable("verdicts").HasKey(x => x.Id);
            verdict.HasIndex(x => new { x.ImageId, x.Model, x.DecidedAt });
        });
        modelBuilder.Entity<ModelFact>().ToTable("models").HasKey(x => new { x.Name, x.Version });
        modelBuilder.Entity<ModelTransitionFact>().ToTable("model_transitions").HasKey(x => new { x.Name, x.Number });

        modelBuilder.Entity<ModelState>().ToView("model_states").HasKey(x => new { x.Name, x.Version });
        modelBuilder.Entity<BelievedLabel>().ToView("current_labels").HasKey(x => new { x.ImageId, x.Model });
        modelBuilder.Entity<DoubtfulLabel>().ToView("needs_review").HasKey(x => new { x.ImageId, x.Model });
        modelBuilder.Entity<ImageStatus>().ToView("image_status").HasKey(x => x.ImageId);
        modelBuilder.Entity<LedgerLine>().ToView("ledger").HasNoKey();
        modelBuilder.Entity<LedgerRejections>().ToView("ledger_rejections").HasNoKey();
        modelBuilder.Entity<OpenFailure>().ToView("open_failures").HasKey(x => x.Id);
        modelBuilder.Entity<FailureGroup>().ToView("failure_groups").HasNoKey();
        modelBuilder.Entity<LineageStep>().ToView("lineage").HasNoKey();

        // No foreign keys: each service writes its own tables under its own role, and a late fact must never be refused.
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Every time in the catalog is UTC; SQLite forgets the kind, so it is put back on reading.
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
}
