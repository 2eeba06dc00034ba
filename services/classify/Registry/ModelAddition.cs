namespace Assay.Classify.Registry;

/// <summary>What adding a package has done.</summary>
public enum ModelAddition
{
    /// <summary>It was there already, and whole.</summary>
    Known,

    /// <summary>It was there already, but an object of it was lost or damaged, and is put back.</summary>
    Restored,

    /// <summary>It is there now.</summary>
    Registered,
}
