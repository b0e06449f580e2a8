//! Masking: no secret leaves the pipeline.
