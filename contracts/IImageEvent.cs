namespace Assay.Contracts;

/// <summary>What every event of an image's way through the stages has in common.</summary>
public interface IImageEvent
{
    /// <summary>The image's id: a UUID (version 8) that begins with the source object's last-modified time.</summary>
    Guid ImageId { get; }

    /// <summary>Where the image came from.</summary>
    Origin Origin { get; }

    /// <summary>The original bytes, from which everything else can be made again.</summary>
    ObjectReference Bronze { get; }
}
