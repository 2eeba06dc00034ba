using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Assay.Platform.Catalog.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class PredictionTrace : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "trace_id",
                table: "predictions",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "trace_id",
                table: "predictions");
        }
    }
}
