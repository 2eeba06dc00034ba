using System.Buffers.Binary;

namespace Assay.Preprocess.Formats;

/// <summary>
/// The first directory of a TIFF file, just enough of it to tell what sort of TIFF it is and where its pixels should end.
/// Layout: TIFF 6.0, section 2. BigTIFF (magic number 43) has another layout and is not read here.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const int HeaderBytes = 8, EntryBytes = 12, ShortType = 3, LongType = 4;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ReadOnlySpan<byte> _entries;
    private readonly bool _bigEndian;

    public TiffDirectory(ReadOnlySpan<byte> file)
    {
        _file = file;
        _bigEndian = file.StartsWith("MM"u8);
        if (file.Length < HeaderBytes || U16(file[2..]) != 42)
            return;
        var at = U32(file[4..]);
        IsMissing = at + 2L > file.Length;
        if (IsMissing)
            return;
        var entries = file[((int)at + 2)..];
        _entries = entries[..Math.Min(entries.Length, U16(file[(int)at..]) * EntryBytes)];
    }

    /// <summary>The header points beyond the end of the file.</summary>
    public bool IsMissing { get; }

    public bool Has(ushort tag) => !Entry(tag).IsEmpty;

    /// <summary>A tag's first value, or null where the tag is absent or not a whole number.</summary>
    public uint? First(ushort tag)
    {
        var values = Values(tag, out var size);
        return values.IsEmpty ? null : At(values, 0, size);
    }

    /// <summary>Where the last strip or tile should end, in bytes from the start; 0 when there are none.</summary>
    public long EndOfData(ushort offsetsTag, ushort lengthsTag)
    {
        var offsets = Values(offsetsTag, out var offsetSize);
        var lengths = Values(lengthsTag, out var lengthSize);
        var end = 0L;
        for (var i = 0; offsetSize > 0 && lengthSize > 0 && i < offsets.Length / offsetSize && i < lengths.Length / lengthSize; i++)
            end = Math.Max(end, (long)At(offsets, i, offsetSize) + At(lengths, i, lengthSize));
        return end;
    }

    // Up to four bytes of values stand in the entry itself; more stand elsewhere, and the entry says where.
    private ReadOnlySpan<byte> Values(ushort tag, out int size)
    {
        var entry = Entry(tag);
        size = entry.IsEmpty ? 0 : U16(entry[2..]) switch { ShortType => 2, LongType => 4, _ => 0 };
        if (size == 0)
            return [];
        var bytes = U32(entry[4..]) * (long)size;
        if (bytes <= 4)
            return entry.Slice(8, (int)bytes);
        var at = U32(entry[8..]);
        return at + bytes <= _file.Length ? _file.Slice((int)at, (int)bytes) : [];
    }

    private ReadOnlySpan<byte> Entry(ushort tag)
    {
        for (var entries = _entries; entries.Length >= EntryBytes; entries = entries[EntryBytes..])
        {
            if (U16(entries) == tag)
                return entries[..EntryBytes];
        }
        return [];
    }

    private uint At(ReadOnlySpan<byte> values, int index, int size) => size == 2 ? U16(values[(index * 2)..]) : U32(values[(index * 4)..]);

    private ushort U16(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private uint U32(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
