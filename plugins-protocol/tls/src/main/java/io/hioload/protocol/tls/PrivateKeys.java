package io.hioload.protocol.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Makes private keys out of what is in PEM files: PKCS#8, plain or encrypted, PKCS#1 of RSA, SEC1 of elliptic curves. Cold. */
final class PrivateKeys {

    private static final byte[] VERSION_0 = Der.integer(BigInteger.ZERO);
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String EC = "1.2.840.10045.2.1";

    private PrivateKeys() {
    }

    /**
     * Reads a key.
     *
     * @param block    of a PEM file
     * @param password of an encrypted one
     * @param owner    whose key it is: tells its algorithm, and the curve that SEC1 may leave out
     */
    static PrivateKey of(Pem.Block block, char[] password, PublicKey owner) throws GeneralSecurityException, IOException {
        String algorithm = owner.getAlgorithm();
        return switch (block.label()) {
            case "PRIVATE KEY" -> make(algorithm, new PKCS8EncodedKeySpec(block.der()));
            case "ENCRYPTED PRIVATE KEY" -> make(algorithm, decrypt(block.der(), password));
            case "RSA PRIVATE KEY" -> make("RSA", pkcs8(Der.sequence(Der.oid(RSA), Der.nothing()), block.der()));
            case "EC PRIVATE KEY" -> make("EC", pkcs8(parametersOf(owner), block.der()));
            default -> throw new InvalidKeySpecException(block.label() + " is not known; convert it with openssl pkcs8 -topk8 -nocrypt");
        };
    }

    private static PrivateKey make(String algorithm, KeySpec spec) throws GeneralSecurityException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (InvalidKeySpecException e) {
            throw new InvalidKeySpecException("the private key is not one of the certificate's algorithm " + algorithm + ", or damaged", e);
        }
    }

    private static KeySpec decrypt(byte[] der, char[] password) throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
        // For PBES2 the algorithm's name alone says too little, its parameters say it all.
        String name = encrypted.getAlgParameters() == null ? encrypted.getAlgName() : encrypted.getAlgParameters().toString();
        try {
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password)),
                    encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher);
        } catch (NoSuchAlgorithmException e) {
            throw new InvalidKeySpecException("the JDK cannot decrypt keys by " + name, e);
        } catch (GeneralSecurityException e) {
            throw new InvalidKeySpecException("the private key cannot be decrypted: is tls.key.password right?", e);
        }
    }

    /** The algorithm of an elliptic curve's key, as the certificate says it: the first value within its first sequence. */
    private static byte[] parametersOf(PublicKey owner) throws InvalidKeySpecException {
        if (!owner.getAlgorithm().equals("EC")) {
            throw new InvalidKeySpecException(
                    "the private key is of an elliptic curve (" + EC + "), the certificate's is " + owner.getAlgorithm());
        }
        byte[] der = owner.getEncoded();
        int at = 2 + (der[1] < 0 ? der[1] & 0x7F : 0);
        int length = 2 + (der[at + 1] & 0xFF);
        byte[] algorithm = new byte[length];
        System.arraycopy(der, at, algorithm, 0, length);
        return algorithm;
    }

    private static KeySpec pkcs8(byte[] algorithm, byte[] key) {
        return new PKCS8EncodedKeySpec(Der.sequence(VERSION_0, algorithm, Der.of(Der.OCTET_STRING, key)));
    }
}
