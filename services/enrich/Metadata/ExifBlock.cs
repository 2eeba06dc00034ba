using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using MetadataExtractor.Formats.Tiff;
using MetadataExtractor.IO;
using Directory = MetadataExtractor.Directory;

namespace Assay.Enrich;

/// <summary>Reads an EXIF block (a small TIFF file), or the first directories of a TIFF file, without trusting a single number in it.</summary>
internal static class ExifBlock
{
    /// <summary>Whether the bytes begin as a classic TIFF file does.</summary>
    public static bool StartsLikeTiff(ReadOnlySpan<byte> bytes) => bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8);

    /// <summary>The directories that could be read; what went wrong is added to the notes.</summary>
    public static IReadOnlyList<Directory> Read(byte[] block, bool withGps, List<string> notes)
    {
        var directories = new List<Directory>();
        try
        {
            // The preamble belongs to JPEG's segment; some containers keep it, some do not.
            var start = block.AsSpan().StartsWith("Exif\0\0"u8) ? 6 : 0;
            TiffReader.ProcessTiff(new ByteArrayReader(block, start), new Handler(directories, withGps));
        }
        catch (Exception e) when (e is IOException or ImageProcessingException or MetadataException or ArithmeticException or ArgumentException)
        {
            notes.Add("EXIF cannot be read to its end.");
        }
        if (directories.Any(directory => directory.HasError))
            notes.Add("EXIF is damaged in places.");
        return directories;
    }

    /// <summary>
    /// The library's handler keeps every tag, follows every pointer and recurses without a limit: a block of 64 KB can make it allocate hundreds of
    /// megabytes, a TIFF file can make it overflow the stack. This one enters at most three directories and keeps the tags that are used, once each.
    /// </summary>
    private sealed class Handler(List<Directory> directories, bool withGps) : ExifTiffHandler(directories)
    {
        // No text or number of interest is longer.
        private const int MaxTagBytes = 16 * 1024;
        // The library asks once per element of every array of 32-bit numbers. A TIFF file of 100,000 strips asks 200,000 times.
        private const int MaxPointers = 1_000_000;

        private int _pointers;

        public override bool TryEnterSubIfd(int tagId)
        {
            if (++_pointers > MaxPointers)
                throw new TiffProcessingException("More pointers than any camera writes.");
            return CurrentDirectory is ExifIfd0Directory
                && (tagId == ExifIfd0Directory.TagExifSubIfdOffset && NotYet<ExifSubIfdDirectory>()
                    || tagId == ExifIfd0Directory.TagGpsInfoOffset && withGps && NotYet<GpsDirectory>())
                && base.TryEnterSubIfd(tagId);
        }

        public override bool HasFollowerIfd() => false;

        // True means "dealt with": the library does not read the tag's bytes.
        public override bool CustomProcessTag(int tagOffset, ICollection<int> processedIfdOffsets, IndexedReader reader, int tagId, int byteCount) =>
            byteCount > MaxTagBytes || CurrentDirectory is null || CurrentDirectory.ContainsTag(tagId)
            || CurrentDirectory is not GpsDirectory && !ExifFields.Tags.Contains(tagId);

        private bool NotYet<T>() => !Directories.OfType<T>().Any();
    }
}
