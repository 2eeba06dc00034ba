using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Assay.Platform.Catalog.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "attempts",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    stage = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    ended = table.Column<string>(type: "TEXT", nullable: false),
                    attempted_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_attempts", x => new { x.image_id, x.stage, x.number });
                });

            migrationBuilder.CreateTable(
                name: "cleansed",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recipe = table.Column<string>(type: "TEXT", nullable: false),
                    media_type = table.Column<string>(type: "TEXT", nullable: false),
                    raw_width = table.Column<int>(type: "INTEGER", nullable: false),
                    raw_height = table.Column<int>(type: "INTEGER", nullable: false),
                    frames = table.Column<int>(type: "INTEGER", nullable: false),
                    width = table.Column<int>(type: "INTEGER", nullable: false),
                    height = table.Column<int>(type: "INTEGER", nullable: false),
                    pixel_sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    silver_bucket = table.Column<string>(type: "TEXT", nullable: false),
                    silver_key = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    cleansed_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    twin_of = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cleansed", x => new { x.image_id, x.recipe });
                });

            migrationBuilder.CreateTable(
                name: "enrichments",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recipe = table.Column<string>(type: "TEXT", nullable: false),
                    enricher = table.Column<string>(type: "TEXT", nullable: false),
                    metadata = table.Column<string>(type: "TEXT", nullable: false),
                    captured_at = table.Column<DateTime>(type: "TEXT", nullable: true),
                    perceptual_hash = table.Column<long>(type: "INTEGER", nullable: false),
                    sharpness = table.Column<double>(type: "REAL", nullable: false),
                    brightness = table.Column<double>(type: "REAL", nullable: false),
                    contrast = table.Column<double>(type: "REAL", nullable: false),
                    entropy = table.Column<double>(type: "REAL", nullable: false),
                    gold_bucket = table.Column<string>(type: "TEXT", nullable: false),
                    gold_key = table.Column<string>(type: "TEXT", nullable: false),
                    sidecar_key = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    enriched_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    twin_of = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_enrichments", x => new { x.image_id, x.recipe, x.enricher });
                });

            migrationBuilder.CreateTable(
                name: "failures",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    series = table.Column<Guid>(type: "TEXT", nullable: false),
                    attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    stage = table.Column<string>(type: "TEXT", nullable: false),
                    queue = table.Column<string>(type: "TEXT", nullable: false),
                    message = table.Column<string>(type: "TEXT", nullable: false),
                    image_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    format = table.Column<string>(type: "TEXT", nullable: false),
                    exception = table.Column<string>(type: "TEXT", nullable: false),
                    detail = table.Column<string>(type: "TEXT", nullable: false),
                    trace = table.Column<string>(type: "TEXT", nullable: true),
                    retryable = table.Column<bool>(type: "INTEGER", nullable: false),
                    body = table.Column<byte[]>(type: "BLOB", nullable: false),
                    content_type = table.Column<string>(type: "TEXT", nullable: true),
                    failed_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_failures", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "images",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    source = table.Column<string>(type: "TEXT", nullable: false),
                    raw_path = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<string>(type: "TEXT", nullable: false),
                    batch = table.Column<string>(type: "TEXT", nullable: true),
                    user_id = table.Column<string>(type: "TEXT", nullable: true),
                    raw_name = table.Column<string>(type: "TEXT", nullable: false),
                    declared_type = table.Column<string>(type: "TEXT", nullable: true),
                    uploaded_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ingested_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    bronze_bucket = table.Column<string>(type: "TEXT", nullable: false),
                    bronze_key = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    twin_of = table.Column<Guid>(type: "TEXT", nullable: true),
                    bulk = table.Column<bool>(type: "INTEGER", nullable: false),
                    trace_parent = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_images", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "model_transitions",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", nullable: false),
                    changed_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_model_transitions", x => new { x.name, x.number });
                });

            migrationBuilder.CreateTable(
                name: "models",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<string>(type: "TEXT", nullable: false),
                    package_sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    preprocessing_hash = table.Column<string>(type: "TEXT", nullable: false),
                    label_map_hash = table.Column<string>(type: "TEXT", nullable: false),
                    question = table.Column<string>(type: "TEXT", nullable: false),
                    licence = table.Column<string>(type: "TEXT", nullable: false),
                    labels = table.Column<string>(type: "TEXT", nullable: false),
                    bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    registered_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_models", x => new { x.name, x.version });
                });

            migrationBuilder.CreateTable(
                name: "predictions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recipe = table.Column<string>(type: "TEXT", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    model_version = table.Column<string>(type: "TEXT", nullable: false),
                    package_sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    model_sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    preprocessing_hash = table.Column<string>(type: "TEXT", nullable: false),
                    label_map_hash = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<string>(type: "TEXT", nullable: false),
                    label = table.Column<string>(type: "TEXT", nullable: false),
                    confidence = table.Column<double>(type: "REAL", nullable: false),
                    accepted = table.Column<bool>(type: "INTEGER", nullable: false),
                    scores = table.Column<string>(type: "TEXT", nullable: false),
                    margin = table.Column<double>(type: "REAL", nullable: false),
                    energy = table.Column<double>(type: "REAL", nullable: true),
                    doubts = table.Column<string>(type: "TEXT", nullable: false),
                    duration_ms = table.Column<double>(type: "REAL", nullable: false),
                    predicted_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    twin_of = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_predictions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "quality_checks",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    recipe = table.Column<string>(type: "TEXT", nullable: false),
                    enricher = table.Column<string>(type: "TEXT", nullable: false),
                    rule = table.Column<string>(type: "TEXT", nullable: false),
                    rule_version = table.Column<int>(type: "INTEGER", nullable: false),
                    value = table.Column<double>(type: "REAL", nullable: false),
                    threshold = table.Column<double>(type: "REAL", nullable: false),
                    verdict = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_quality_checks", x => new { x.image_id, x.recipe, x.enricher, x.rule, x.rule_version });
                });

            migrationBuilder.CreateTable(
                name: "redrives",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    stage = table.Column<string>(type: "TEXT", nullable: false),
                    redriven_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_redrives", x => new { x.image_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "rejections",
                columns: table => new
                {
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    stage = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    detail = table.Column<string>(type: "TEXT", nullable: false),
                    quarantine_bucket = table.Column<string>(type: "TEXT", nullable: false),
                    quarantine_key = table.Column<string>(type: "TEXT", nullable: false),
                    rejected_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_rejections", x => new { x.image_id, x.stage });
                });

            migrationBuilder.CreateTable(
                name: "replays",
                columns: table => new
                {
                    failure_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    replayed_by = table.Column<string>(type: "TEXT", nullable: false),
                    replayed_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_replays", x => x.failure_id);
                });

            migrationBuilder.CreateTable(
                name: "verdicts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    image_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    model = table.Column<string>(type: "TEXT", nullable: false),
                    label = table.Column<string>(type: "TEXT", nullable: false),
                    reviewer = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    prediction_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    decided_at = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_verdicts", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_cleansed_pixel_sha256",
                table: "cleansed",
                column: "pixel_sha256");

            migrationBuilder.CreateIndex(
                name: "ix_enrichments_perceptual_hash_image_id",
                table: "enrichments",
                columns: new[] { "perceptual_hash", "image_id" });

            migrationBuilder.CreateIndex(
                name: "ix_failures_image_id",
                table: "failures",
                column: "image_id");

            migrationBuilder.CreateIndex(
                name: "ix_failures_series_attempt",
                table: "failures",
                columns: new[] { "series", "attempt" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_images_ingested_at",
                table: "images",
                column: "ingested_at");

            migrationBuilder.CreateIndex(
                name: "ix_images_raw_name",
                table: "images",
                column: "raw_name");

            migrationBuilder.CreateIndex(
                name: "ix_images_sha256_ingested_at_id",
                table: "images",
                columns: new[] { "sha256", "ingested_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_images_source_raw_path_version",
                table: "images",
                columns: new[] { "source", "raw_path", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_predictions_image_id_role_predicted_at",
                table: "predictions",
                columns: new[] { "image_id", "role", "predicted_at" });

            migrationBuilder.CreateIndex(
                name: "ix_verdicts_image_id_model_decided_at",
                table: "verdicts",
                columns: new[] { "image_id", "model", "decided_at" });

            NearDuplicates.CreateIndexes(migrationBuilder);
            CatalogViews.Create(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            CatalogViews.Drop(migrationBuilder);

            migrationBuilder.DropTable(
                name: "attempts");

            migrationBuilder.DropTable(
                name: "cleansed");

            migrationBuilder.DropTable(
                name: "enrichments");

            migrationBuilder.DropTable(
                name: "failures");

            migrationBuilder.DropTable(
                name: "images");

            migrationBuilder.DropTable(
                name: "model_transitions");

            migrationBuilder.DropTable(
                name: "models");

            migrationBuilder.DropTable(
                name: "predictions");

            migrationBuilder.DropTable(
                name: "quality_checks");

            migrationBuilder.DropTable(
                name: "redrives");

            migrationBuilder.DropTable(
                name: "rejections");

            migrationBuilder.DropTable(
                name: "replays");

            migrationBuilder.DropTable(
                name: "verdicts");
        }
    }
}
